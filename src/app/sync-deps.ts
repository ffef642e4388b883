import { browserFetch } from '#canvas/browser-fetch.ts';
import { createCanvasClient } from '#canvas/client.ts';
import type { CanvasClient } from '#canvas/client.ts';
import type { Identity } from '#canvas/wire.ts';
import { systemClock } from '#lib/clock.ts';
import { systemRandom } from '#lib/random.ts';
import type { KnownAccount } from '#store/device-facts.ts';
import type { SyncStore } from '#store/port.ts';
import type { Meta } from '#store/records.ts';
import type { SyncDeps } from '#sync/deps.ts';
import { webLock } from '#sync/web-lock.ts';

/** What the sync core of one account runs on in a browser, in a page as in the service worker. */
export interface BrowserSync {
  readonly client: CanvasClient;
  readonly deps: Omit<SyncDeps, 'visible'>;
}

/** @param meta as the store holds it now */
export function createSyncDeps(
  account: Pick<KnownAccount, 'id' | 'userId'>,
  store: SyncStore,
  meta: Meta,
): BrowserSync {
  let identity: Identity = {
    installation: meta.installation,
    epoch: meta.epoch,
    account: account.userId,
  };
  const client = createCanvasClient({
    fetch: browserFetch,
    clock: systemClock,
    origin: location.origin,
    identity: () => identity,
  });
  const deps: BrowserSync['deps'] = {
    account: { id: account.id, user: account.userId },
    store,
    api: client,
    clock: systemClock,
    random: systemRandom,
    lock: webLock(account.id),
    hash: sha256,
    onEpoch: (epoch) => {
      identity = { ...identity, epoch };
    },
    report: (error) => {
      // Something that should not happen; its words name no person and no mark.
      console.error(error);
    },
  };
  return { client, deps };
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
