/*
 * What must outlive a page that is left for the school's sign-in, or closed after a sign-out: two flags, no
 * names. Without storage there is no account to open either, so a refusal changes nothing here.
 */

const onTheWayKey = 'tapmark:signing-in';
const putAwayKey = 'tapmark:put-away';

/** Noted before the page is left: the person who comes back may be another. */
export function noteLeavingForSignIn(): void {
  attempt(() => {
    sessionStorage.setItem(onTheWayKey, '1');
    localStorage.removeItem(putAwayKey);
  });
}

/** True once after `noteLeavingForSignIn`. */
export function cameBackFromSignIn(): boolean {
  return (
    attempt(() => {
      const was = sessionStorage.getItem(onTheWayKey) !== null;
      sessionStorage.removeItem(onTheWayKey);
      return was;
    }) ?? false
  );
}

/** Noted at a sign-out, which holds on this device even while the server could not be told. */
export function notePutAway(): void {
  attempt(() => {
    localStorage.setItem(putAwayKey, '1');
  });
}

/** Told when another tab of this device has signed out. */
export function onPutAwayElsewhere(leave: () => void): void {
  addEventListener('storage', (event) => {
    if (event.key === putAwayKey && event.newValue !== null) leave();
  });
}

export function isPutAway(): boolean {
  return attempt(() => localStorage.getItem(putAwayKey) !== null) ?? false;
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
