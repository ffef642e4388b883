import type { AccountId } from '#domain/ids.ts';
import type { DeviceFacts } from './device-facts.ts';
import { databaseName } from './schema.ts';

/** Notes that what waited in an account's database is gone with it. Somebody is told before it is forgotten. */
export function noteVanished(device: DeviceFacts, account: AccountId): void {
  const missing = device.unsent(account);
  if (missing === 0) return;
  device.addLost(account, missing);
  device.setUnsent(account, 0);
}

/**
 * As `noteVanished` for every account of this device whose database is not there any more: nobody is to be told that
 * marks wait which are gone. Never rejects; where the browser does not tell its databases, nothing is missed.
 */
export async function missVanished(
  device: DeviceFacts,
  factory: Pick<IDBFactory, 'databases'> = indexedDB,
): Promise<void> {
  try {
    const names = new Set((await factory.databases()).map(({ name }) => name));
    for (const account of device.knownAccounts()) {
      if (!names.has(databaseName(account))) noteVanished(device, account);
    }
  } catch {
    // Whoever is opened finds out about their own.
  }
}
