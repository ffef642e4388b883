import type { HoldBack } from '#features/hold-back.ts';
import type { StorageState } from '#store/storage-guard.ts';

export function holdBackWords(value: HoldBack): string {
  if (value === null) return 'Until the end of the round';
  if (value < 60_000) return `${(value / 1000).toString()} seconds`;
  return value === 60_000 ? '1 minute' : `${(value / 60_000).toString()} minutes`;
}

/** Whether the browser may clear what is saved here, and what to do about it. */
export function persistenceWords(state: StorageState['persistence'], installed: boolean): string {
  switch (state) {
    case 'granted':
      return 'The browser has promised not to clear what is saved here.';
    case 'refused':
    case 'unsupported':
      return installed
        ? 'The browser has made no promise to keep what is saved here. Send marks at the end of the lesson.'
        : 'The browser has made no promise to keep what is saved here. Install Tapmark on the home screen: then it does.';
    case 'asking':
    case 'not-asked':
      return 'The browser is asked to keep what is saved here with the first mark.';
    default:
      return state satisfies never;
  }
}

/** "1.2 MB of 3 GB used"; undefined where the browser does not say. */
export function spaceWords({ usage, quota }: StorageState): string | undefined {
  if (usage === undefined || quota === undefined || quota === 0) return undefined;
  return `${bytesWords(usage)} of ${bytesWords(quota)} in use`;
}

function bytesWords(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let amount = bytes;
  let unit = 0;
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  const digits = amount < 10 && unit > 0 ? 1 : 0;
  return `${amount.toFixed(digits)} ${units[unit] ?? ''}`;
}

export function marksWaitWords(count: number): string {
  return count === 1 ? '1 mark has not reached Canvas' : `${count.toString()} marks have not reached Canvas`;
}
