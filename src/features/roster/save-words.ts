import { StorageError } from '#store/port.ts';

/** Why taps are not on the disk, and what helps, in a teacher's words. */
export function unsavedWords(count: number, error: unknown): { readonly what: string; readonly why: string } {
  const what = count === 1 ? '1 mark is not saved' : `${count} marks are not saved`;
  return { what, why: whyWords(error) };
}

function whyWords(error: unknown): string {
  if (!(error instanceof StorageError)) return 'This device could not write it down.';
  switch (error.kind) {
    case 'full':
      return 'This device is full. Free some space, then save again.';
    case 'version':
      return 'A newer version of the app is open here. Reload to go on with it.';
    case 'unavailable':
      return 'This browser gives the app no storage, as private windows do.';
    // Chromium says no more than this when the disk is full.
    case 'closed':
    case 'other':
      return 'This device could not write it down. If its storage is full, free some space, then save again.';
  }
}
