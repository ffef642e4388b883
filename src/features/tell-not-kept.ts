import { showToast } from '#ui/toast-store.ts';

/** Says that this device did not take what was chosen or begun. */
export function tellNotKept(): void {
  showToast({ words: 'This device could not keep it. Free some space, then try again.' });
}

/** Says that marks could not be moved on: none is lost. */
export function tellMarksWait(): void {
  showToast({ words: 'This device could not write it down. The marks wait here as before.' });
}
