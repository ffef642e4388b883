import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { addRow, leaveJournal, openWith, readJournal, versionOnDisk } from '#testing/upgrades.ts';
import { schemaVersion, schemaVersions, type SchemaVersion } from './schema.ts';

const newName = () => `test:${crypto.randomUUID()}`;

type Upgrade = NonNullable<SchemaVersion['upgrade']>;

/** What a next version may look like: another index, another table, a field for every mark. */
const withNext = (upgrade: Upgrade): readonly SchemaVersion[] => [
  ...schemaVersions,
  {
    version: schemaVersion + 1,
    tables: { marks: '++seq, &id, &u, &rowId, state, [lane+state], student', notes: 'mark' },
    upgrade,
  },
];
const nameGestures: Upgrade = (transaction) =>
  transaction
    .table<{ gesture?: string }>('marks')
    .toCollection()
    .modify((mark) => {
      mark.gesture ??= 'before';
    });

describe('the schema', () => {
  it('has its versions in order, the last one being the present', () => {
    expect(schemaVersions.map(({ version }) => version)).toEqual(schemaVersions.map((_, n) => n + 1));
    expect(schemaVersions.at(-1)?.version).toBe(schemaVersion);
  });

  it.each(schemaVersions)(
    'brings version $version to the present with marks waiting in every state',
    async ({ version }) => {
      const name = newName();
      const before = await leaveJournal(name, schemaVersions.slice(0, version));
      const { store, close } = await openWith(name, schemaVersions);
      expect(await readJournal(store)).toMatchObject(before);
      expect(await store.read((tx) => tx.meta.get())).toMatchObject({ schemaVersion });
      close();
    },
  );

  it('brings bundles of version 3, whose marks stand as they are, to the present', async () => {
    const name = newName();
    const before = await leaveJournal(name, schemaVersions.slice(0, 3));
    const [mark] = before.marks;
    await addRow(name, 'bundles', {
      seqs: [mark!.seq],
      marks: [{ ...mark, passed: !mark!.passed }],
      filed: [mark!.state],
    });
    const { store, close } = await openWith(name, schemaVersions);
    const [first, ...others] = (await readJournal(store)).marks;
    expect(first).toEqual({ ...mark, passed: !mark!.passed });
    expect(others).toEqual(before.marks.slice(1));
    close();
  });

  it('would bring marks in every state to a next version', async () => {
    const name = newName();
    const before = await leaveJournal(name, schemaVersions);
    const { store, close } = await openWith(name, withNext(nameGestures));
    expect(await readJournal(store)).toEqual({
      ...before,
      marks: before.marks.map((mark) => ({ ...mark, gesture: 'before' })),
    });
    expect(await store.read((tx) => tx.meta.get())).toMatchObject({ schemaVersion: schemaVersion + 1 });
    close();
  });

  it('would notice a next version that loses a mark', async () => {
    const name = newName();
    const before = await leaveJournal(name, schemaVersions);
    const upgrade: Upgrade = (transaction) =>
      transaction.table('marks').where('state').equals('HELD').delete();
    const { store, close } = await openWith(name, withNext(upgrade));
    expect(await readJournal(store)).not.toEqual(before);
    close();
  });

  it('leaves the old version as it was when an upgrade fails', async () => {
    const name = newName();
    const before = await leaveJournal(name, schemaVersions);
    const upgrade: Upgrade = async (transaction) => {
      await transaction.table('marks').clear();
      throw new Error('stop here');
    };
    await expect(openWith(name, withNext(upgrade))).rejects.toMatchObject({ name: 'StorageError' });
    expect(await versionOnDisk(name)).toBe(schemaVersion);
    const { store, close } = await openWith(name, schemaVersions);
    expect(await readJournal(store)).toEqual(before);
    close();
  });
});
