import { onTestFinished } from 'vitest';
import type { AccountId } from '#domain/ids.ts';
import { openAccountStore, type AccountStore, type OpenAccountOptions } from '#store/account-store.ts';
import { createDeviceFacts, type FactStorage } from '#store/device-facts.ts';

/** A localStorage of a device of its own. */
export function memoryStorage(): FactStorage {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => values.set(key, value),
    removeItem: (key) => values.delete(key),
  };
}

/** An account nobody has used before. */
export function newAccount(): AccountId {
  return `canvas.test-${crypto.randomUUID()}/7` as AccountId;
}

/** Opens an account's store on fake-indexeddb (import `fake-indexeddb/auto` first) and closes it after the test. */
export async function openAccount(
  options: OpenAccountOptions & { readonly account?: AccountId } = {},
): Promise<AccountStore> {
  const { account = newAccount(), ...rest } = options;
  const store = await openAccountStore(account, { device: createDeviceFacts(memoryStorage()), ...rest });
  onTestFinished(() => store.close());
  return store;
}
