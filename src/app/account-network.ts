import { browserFetch } from '#canvas/browser-fetch.ts';
import { createCanvasClient } from '#canvas/client.ts';
import type { CanvasClient } from '#canvas/client.ts';
import type { Account } from '#features/account-context.ts';
import { systemClock } from '#lib/clock.ts';
import type { AccountStore } from '#store/account-store.ts';
import type { Meta } from '#store/records.ts';
import { startSync } from '#sync/engine.ts';
import type { SyncEngine } from '#sync/engine.ts';
import { keepOthersRows } from './keep-others-rows.ts';
import { createSyncDeps } from './sync-deps.ts';

/*
 * All that speaks to the network, in a chunk of its own: a tap needs none of it, so it comes after the first
 * screen has been drawn.
 */

export interface AccountNetwork {
  readonly client: CanvasClient;
  readonly engine: SyncEngine;
}

/** Builds the way to Canvas of one account and starts its sender. @param meta as the store holds it now */
export function startNetwork(account: Account, store: AccountStore, meta: Meta): AccountNetwork {
  const { client, deps } = createSyncDeps(account, store.sync, meta);
  const visible = () => document.visibilityState === 'visible';
  const seenRows = keepOthersRows(store, account.userId);
  return { client, engine: startSync({ ...deps, visible, seenRows }) };
}

/** Before anybody is known, and about nobody in particular: who is signed in is the question. */
export function createGatewayClient(): CanvasClient {
  return createCanvasClient({
    fetch: browserFetch,
    clock: systemClock,
    origin: location.origin,
    identity: () => undefined,
  });
}
