import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { describe, expect, it } from 'vitest';
import type { AccountId, UserId } from '#domain/ids.ts';
import { createDeviceRecord } from './device-record.ts';

const account = {
  id: 'school.example/7' as AccountId,
  host: 'school.example',
  userId: '7' as UserId,
  name: 'Miriam Aalto',
};
let names = 0;
const freshName = () => `device-${(names += 1).toString()}`;

describe('device record', () => {
  it('knows nobody on a new device', async () => {
    expect(await createDeviceRecord(freshName()).read()).toEqual({ kind: 'new' });
  });

  it('gives the account back after a restart', async () => {
    const name = freshName();
    await createDeviceRecord(name).write({ kind: 'account', account });
    expect(await createDeviceRecord(name).read()).toEqual({ kind: 'account', account });
  });

  it('opens nobody after a sign-out', async () => {
    const name = freshName();
    const record = createDeviceRecord(name);
    await record.write({ kind: 'account', account });
    await record.write({ kind: 'put-away' });
    expect(await createDeviceRecord(name).read()).toEqual({ kind: 'put-away' });
  });

  it('takes a damaged row for a new device', async () => {
    const name = freshName();
    const db = new Dexie(name);
    db.version(1).stores({ facts: '' });
    await db.table('facts').put({ kind: 'account', account: { id: 1 } }, 'state');
    db.close();
    expect(await createDeviceRecord(name).read()).toEqual({ kind: 'new' });
  });

  it('works on although a newer version of the app has been here', async () => {
    const name = freshName();
    const newer = new Dexie(name);
    newer.version(9).stores({ facts: '', more: '' });
    await newer.open();
    newer.close();
    await createDeviceRecord(name).write({ kind: 'put-away' });
    expect(await createDeviceRecord(name).read()).toEqual({ kind: 'put-away' });
  });
});
