import { systemRandom } from '#lib/random.ts';
import { beginNewLog } from '#store/begin-new-log.ts';
import { createDeviceRecord } from '#store/device-record.ts';
import { openSenderStore } from '#store/sender-store.ts';
import { runErrand } from '#sync/errand.ts';
import { onPutAwayElsewhere } from './other-tabs.ts';
import { createSyncDeps } from './sync-deps.ts';

/** Chromium ends a background sync after three minutes; what is not begun by then is not begun. */
const longestMs = 165_000;

/**
 * Sends what waits on this device, for the person who worked here last, with no page: background sync in a service
 * worker (sync protocol §8.1). Nothing happens once that person has signed out.
 * @returns true when marks are left that could go by themselves: the browser may wake us again
 * @throws StorageError
 */
export async function sendInBackground(): Promise<boolean> {
  const state = await createDeviceRecord().read();
  if (state.kind !== 'account') return false;
  const stop = new AbortController();
  const leave = () => {
    stop.abort();
  };
  const endListening = onPutAwayElsewhere(leave);
  const store = await openSenderStore(state.account.id, { random: systemRandom, onMustClose: leave });
  try {
    if (store === undefined) return false;
    await beginNewLog();
    const meta = await store.sync.read((tx) => tx.meta.get());
    const { deps } = createSyncDeps(state.account, store.sync, meta);
    return await runErrand(deps, { longestMs, stop: stop.signal });
  } finally {
    endListening();
    store?.close();
  }
}
