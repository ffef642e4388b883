import { Dexie } from 'dexie';
import type { BatchId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { systemRandom } from '#lib/random.ts';
import { createDexieSyncStore } from '#store/dexie-sync-store.ts';
import { markStates } from '#store/marks/count.ts';
import { openDatabase } from '#store/open-database.ts';
import type { SyncStore } from '#store/port.ts';
import type { AnyRow, SchemaVersion, SyncTableName } from '#store/schema.ts';
import { buildMark } from './build-mark.ts';

export interface Journal {
  readonly marks: readonly Mark[];
  readonly openBatches: number;
  readonly armed: number;
  readonly epoch: number;
}

/** Leaves behind what a device may hold that slept through releases: marks in every state, an armed attempt. */
export async function leaveJournal(name: string, versions: readonly SchemaVersion[]): Promise<Journal> {
  const { db } = await openDatabase(name, { random: systemRandom, versions });
  const add = async (table: SyncTableName, row: object) => db.rows(table).add(row as AnyRow);
  const id = 'armed-batch' as BatchId;
  const marks: Mark[] = [];
  for (const state of markStates) {
    const attempted = state !== 'HELD' && state !== 'WITHDRAWN';
    const rest =
      state === 'CONFIRMED' ? { rowId: '5' as never } : state === 'INFLIGHT' ? { batchId: id } : {};
    const mark = buildMark({ state, attempted, ...rest });
    marks.push({ ...mark, seq: Number(await add('marks', mark)) });
  }
  const { seq, lane } = marks.find(({ state }) => state === 'INFLIGHT')!;
  await add('batches', { id, lane, marks: [seq], state: 'armed', absentCount: 0 });
  await add('attempts', {
    id: 'armed-attempt',
    batchId: id,
    lane,
    n: 1,
    epoch: 3,
    marks: [seq],
    bodyHash: '00',
    armedAt: 1,
    phase: 'armed',
  });
  await add('lanes', {
    id: lane,
    assessmentId: '900',
    gate: 'throttle',
    failures: 2,
    refusals: 1,
    accepted: true,
    batchLimit: 50,
    auditDue: ['101'],
  });
  await db.rows('meta').update('meta', { epoch: 3 });
  db.close();
  return { marks, openBatches: 1, armed: 1, epoch: 3 };
}

/** One row more, whatever the version on the disk is. */
export async function addRow(name: string, table: SyncTableName, row: object): Promise<void> {
  const db = await new Dexie(name).open();
  await db.table(table).add(row);
  db.close();
}

/** Everything the sync core must find again. */
export async function readJournal(store: SyncStore): Promise<Journal> {
  return store.read(async (tx) => {
    const marks: Mark[] = [];
    for (const state of markStates) marks.push(...(await tx.marks.byState(state)));
    return {
      marks: marks.sort((a, b) => a.seq - b.seq),
      openBatches: (await tx.batches.open()).length,
      armed: (await tx.attempts.armed()).length,
      epoch: (await tx.meta.get()).epoch,
    };
  });
}

/** Opens what is there with later code, as after an update of the app. */
export async function openWith(name: string, versions: readonly SchemaVersion[]) {
  const { db } = await openDatabase(name, { random: systemRandom, versions });
  return { store: createDexieSyncStore(db), close: () => db.close() };
}

/** The version on the disk, whatever it is. */
export async function versionOnDisk(name: string): Promise<number> {
  const db = await new Dexie(name).open();
  db.close();
  return db.verno;
}
