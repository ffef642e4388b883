/*
 * One flag that outlives the page when it is left for the school's sign-in: the person who comes back may be
 * another than the one who left.
 */

const onTheWayKey = 'tapmark:signing-in';

export function noteLeavingForSignIn(): void {
  attempt(() => {
    sessionStorage.setItem(onTheWayKey, '1');
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

/** Refused storage: then there is no account to open either. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
