import type { Kysely, Selectable, Transaction } from 'kysely';
import * as v from 'valibot';
import type { GatewayReason } from '#canvas/gateway-wire.ts';
import type { Clock } from '#lib/clock.ts';
import type { Database } from '../database/database.ts';
import type { AttemptRecord, AttemptState } from './attempts/record.ts';
import type { AttemptRepository, Sender } from './attempts/repository.ts';
import type { GatewayTables } from './migrations.ts';
import { createStoredMemory } from './stored-memory.ts';

type Tables = Kysely<GatewayTables> | Transaction<GatewayTables>;

/**
 * The attempt memory in the server's database. Its steps are atomic between processes too: on SQLite a transaction
 * begins by taking the write lock; on PostgreSQL the primary key lets one of two inserts of an id through, and
 * senders of one installation queue up at their epoch's row, which every transaction touches first.
 */
export function createStoredAttempts(database: Database, clock: Clock): AttemptRepository {
  const db = database.tables<GatewayTables>();
  const memory = createStoredMemory(database, clock);
  /** What is durably heard already; spares a write for every read of a page. */
  const heard = new Map<string, number>();

  return {
    memory: () => memory.name(),

    begin: (candidate) =>
      db.transaction().execute(async (trx) => {
        const highest = await raiseEpoch(trx, candidate, candidate.atMs);
        const record = await findRecord(trx, candidate.id);
        if (record !== undefined) return { kind: 'known', record };
        if (!(await memory.isNamed(trx, candidate.memory))) return { kind: 'other-memory' };
        if (candidate.epoch < highest) return { kind: 'old-epoch' };
        const { id, account, fingerprint, atMs } = candidate;
        const state: AttemptState = { kind: 'running' };
        const inserted = await insertIfAbsent(trx, { id, account, fingerprint, recordedAtMs: atMs, state });
        return inserted ? { kind: 'begun' } : { kind: 'known', record: await mustFind(trx, id) };
      }),

    barIfAbsent: (request) =>
      db.transaction().execute(async (trx) => {
        const record = await findRecord(trx, request.id);
        if (record !== undefined) return { kind: 'known', record };
        if (!(await memory.isNamed(trx, request.memory))) return { kind: 'other-memory' };
        const { id, account, reason, atMs } = request;
        const state: AttemptState = { kind: 'not-sent', reason };
        const inserted = await insertIfAbsent(trx, {
          id,
          account,
          fingerprint: '',
          recordedAtMs: atMs,
          state,
        });
        return inserted ? { kind: 'barred' } : { kind: 'known', record: await mustFind(trx, id) };
      }),

    async end(id, ending) {
      await db
        .updateTable('gatewayAttempts')
        .set(columnsOf(ending))
        .where('attempt', '=', id)
        .where('kind', '=', 'running')
        .execute();
    },

    find: (id) => findRecord(db, id),

    async hear(sender, atMs) {
      // With the memory's name: what was heard under another one may be lost.
      const key = `${await memory.name()}|${sender.account}|${sender.installation}`;
      if ((heard.get(key) ?? -1) >= sender.epoch) return;
      const highest = await raiseEpoch(db, sender, atMs);
      if (heard.size >= mostSendersKept) heard.clear();
      heard.set(key, highest);
    },

    async forget(beforeMs) {
      const gone = await db
        .deleteFrom('gatewayAttempts')
        .where('recordedAt', '<', beforeMs)
        .executeTakeFirst();
      return Number(gone.numDeletedRows);
    },
  };
}

const mostSendersKept = 10_000;

/** @returns the highest epoch now on record */
async function raiseEpoch(tables: Tables, sender: Sender, atMs: number): Promise<number> {
  const { account, installation, epoch } = sender;
  const row = await tables
    .insertInto('gatewayEpochs')
    .values({ account, installation, epoch, heardAt: atMs })
    .onConflict((conflict) =>
      conflict.columns(['account', 'installation']).doUpdateSet((eb) => ({
        epoch: eb
          .case()
          .when('excluded.epoch', '>', eb.ref('gatewayEpochs.epoch'))
          .then(eb.ref('excluded.epoch'))
          .else(eb.ref('gatewayEpochs.epoch'))
          .end(),
        heardAt: eb.ref('excluded.heardAt'),
      })),
    )
    .returning('epoch')
    .executeTakeFirstOrThrow();
  return row.epoch;
}

async function insertIfAbsent(tables: Tables, record: AttemptRecord): Promise<boolean> {
  const { id, account, fingerprint, recordedAtMs, state } = record;
  const inserted = await tables
    .insertInto('gatewayAttempts')
    .values({ attempt: id, account, fingerprint, recordedAt: recordedAtMs, ...columnsOf(state) })
    .onConflict((conflict) => conflict.column('attempt').doNothing())
    .returning('attempt')
    .execute();
  return inserted.length === 1;
}

function columnsOf(state: AttemptState) {
  const answer = state.kind === 'answered' ? state.answer : undefined;
  return {
    kind: state.kind,
    reason: state.kind === 'not-sent' ? state.reason : null,
    status: answer?.status ?? null,
    headers: answer === undefined ? null : JSON.stringify(answer.headers),
    body: answer === undefined ? null : answer.body,
  };
}

async function findRecord(tables: Tables, id: string): Promise<AttemptRecord | undefined> {
  const row = await tables
    .selectFrom('gatewayAttempts')
    .selectAll()
    .where('attempt', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : toRecord(row);
}

async function mustFind(tables: Tables, id: string): Promise<AttemptRecord> {
  const record = await findRecord(tables, id);
  if (record === undefined) throw new Error('an attempt that was there a moment ago is gone');
  return record;
}

const headersSchema = v.array(v.tuple([v.string(), v.string()]));

function toRecord(row: Selectable<GatewayTables['gatewayAttempts']>): AttemptRecord {
  const { attempt: id, account, fingerprint, recordedAt: recordedAtMs } = row;
  return { id, account, fingerprint, recordedAtMs, state: stateOf(row) };
}

/** A row that cannot be read is the doubtful case, never a licence to send again. */
function stateOf(row: Selectable<GatewayTables['gatewayAttempts']>): AttemptState {
  switch (row.kind) {
    case 'running':
      return { kind: 'running' };
    case 'not-sent':
      return { kind: 'not-sent', reason: (row.reason ?? 'barred') as GatewayReason };
    case 'answered': {
      const headers = v.safeParse(v.pipe(v.string(), v.parseJson(), headersSchema), row.headers);
      if (row.status === null || row.body === null || !headers.success) return { kind: 'unknown' };
      return { kind: 'answered', answer: { status: row.status, headers: headers.output, body: row.body } };
    }
    case 'unknown':
      return { kind: 'unknown' };
  }
}
