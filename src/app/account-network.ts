import { browserFetch } from '#canvas/browser-fetch.ts';
import { createCanvasClient } from '#canvas/client.ts';
import type { CanvasClient } from '#canvas/client.ts';
import type { Identity } from '#canvas/wire.ts';
import type { Account } from '#features/account-context.ts';
import { systemClock } from '#lib/clock.ts';
import { systemRandom } from '#lib/random.ts';
import type { AccountStore } from '#store/account-store.ts';
import type { Meta } from '#store/records.ts';
import { startSync } from '#sync/engine.ts';
import type { SyncEngine } from '#sync/engine.ts';
import { webLock } from '#sync/web-lock.ts';

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
  const engine = startSync({
    account: { id: account.id, user: account.userId },
    store: store.sync,
    api: client,
    clock: systemClock,
    random: systemRandom,
    lock: webLock(account.id),
    hash: sha256,
    visible: () => document.visibilityState === 'visible',
    onEpoch: (epoch) => {
      identity = { ...identity, epoch };
    },
    report: (error) => {
      // Something that should not happen; its words name no person and no mark.
      console.error(error);
    },
  });
  return { client, engine };
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

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
