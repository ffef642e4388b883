import { readAtWords } from '#features/ages.ts';
import type { Mark } from '#domain/mark.ts';
import type { StorageState } from '#store/storage-guard.ts';

/** Above this the clock is a matter for the teacher, ms (sync protocol §12). */
const skewMs = 2 * 60_000;
/** Of the space that the browser gives. */
const nearlyFull = 0.9;

/** @param offsetMs server time minus device time; undefined until it is known. @returns undefined when all is well */
export function clockWords(offsetMs: number | undefined): string | undefined {
  if (offsetMs === undefined || Math.abs(offsetMs) <= skewMs) return undefined;
  const how = offsetMs > 0 ? 'slow' : 'fast';
  return `This device’s clock is ${durationWords(Math.abs(offsetMs))} ${how}. New marks get the right time all the same; set the clock when you can.`;
}

/** @returns undefined while there is room, or where the browser does not say */
export function spaceLeftWords({ usage, quota }: StorageState): string | undefined {
  if (usage === undefined || quota === undefined || usage < quota * nearlyFull) return undefined;
  return 'This device has hardly any space left. Send what waits, then free some space: a full device saves no mark.';
}

/** What waits here, since when, and whether the browser may clear it. @returns undefined when nothing waits */
export function waitingWords(
  open: { readonly waiting: number; readonly oldest: Pick<Mark, 'heldAt'> | undefined },
  persistence: StorageState['persistence'],
  nowMs: number,
): string | undefined {
  if (open.waiting === 0 || open.oldest === undefined) return undefined;
  const since = `saved ${readAtWords(open.oldest.heldAt, nowMs)}`;
  const what =
    open.waiting === 1
      ? `1 mark waits here, ${since}`
      : `${open.waiting} marks wait here, the oldest ${since}`;
  const isSafe = persistence !== 'refused' && persistence !== 'unsupported';
  return isSafe ? `${what}.` : `${what}. The browser has made no promise to keep them: send them soon.`;
}

/** What is in the store and is no mark for this version. @returns undefined when there is none */
export function unreadableWords(count: number): string | undefined {
  if (count === 0) return undefined;
  const isOne = count === 1;
  const what = isOne
    ? '1 saved mark cannot be read by this version of Tapmark.'
    : `${count} saved marks cannot be read by this version of Tapmark.`;
  const kept = isOne
    ? 'It is kept on this device, and not sent.'
    : 'They are kept on this device, and not sent.';
  return `${what} ${kept} A newer version may read ${isOne ? 'it' : 'them'}.`;
}

function durationWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
