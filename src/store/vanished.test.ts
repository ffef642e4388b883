import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import type { AccountId, UserId } from '#domain/ids.ts';
import { systemRandom } from '#lib/random.ts';
import { createDeviceFacts, type FactStorage } from './device-facts.ts';
import { openDatabase } from './open-database.ts';
import { databaseName } from './schema.ts';
import { missVanished } from './vanished.ts';

function facts() {
  const items = new Map<string, string>();
  const storage: FactStorage = {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
  return createDeviceFacts(storage);
}

const [gone, here, empty] = ['school.test/1', 'school.test/2', 'school.test/3'] as AccountId[];

it('misses what waited in databases that are gone, and nothing else', async () => {
  const device = facts();
  for (const id of [gone!, here!, empty!])
    device.rememberAccount({ id, host: 'school.test', userId: id.at(-1) as UserId, name: 'A. Teacher' });
  device.setUnsent(gone!, 4);
  device.setUnsent(here!, 5);
  const { db } = await openDatabase(databaseName(here!), { random: systemRandom });
  db.close();

  await missVanished(device);
  expect([gone!, here!, empty!].map(device.lost)).toEqual([4, 0, 0]);
  expect([gone!, here!, empty!].map(device.unsent)).toEqual([0, 5, 0]);
  expect(device.unsentOfOthers(undefined)).toBe(5);

  await missVanished(device);
  expect(device.lost(gone!)).toBe(4);
});

it('misses nothing where the browser does not tell its databases', async () => {
  const device = facts();
  device.rememberAccount({ id: gone!, host: 'school.test', userId: '1' as UserId, name: 'A. Teacher' });
  device.setUnsent(gone!, 4);
  await missVanished(device, { databases: () => Promise.reject(new DOMException('no', 'SecurityError')) });
  expect(device.unsent(gone!)).toBe(4);
});
