import type { Kysely } from 'kysely';
import type { Migration } from '../database/migrations.ts';

/** The gateway's own tables. Times are ms since 1970. */
export interface GatewayTables {
  /** One row: the name of this memory (sync protocol §13), and until when stamps may bear it. */
  gatewayMemory: { onlyRow: number; name: string; stampedUntil: number };
  gatewayAttempts: {
    attempt: string;
    account: string;
    fingerprint: string;
    recordedAt: number;
    kind: 'running' | 'answered' | 'unknown' | 'not-sent';
    reason: string | null;
    status: number | null;
    /** JSON: list of pairs. */
    headers: string | null;
    body: string | null;
  };
  /** The highest epoch heard from each installation and account. */
  gatewayEpochs: { account: string; installation: string; epoch: number; heardAt: number };
  gatewaySessions: {
    /** Names the session for good: SHA-256 of its first cookie. */
    session: string;
    /** SHA-256 of the cookie's present value. */
    cookie: string;
    /** SHA-256 of the value before it, which may still be on its way. */
    previousCookie: string | null;
    /** When the present value was made. */
    rotatedAt: number;
    /** When the present value was first seen; null: perhaps it has never arrived. */
    cookieSeenAt: number | null;
    /** What the browser said it is, in words. */
    device: string;
    canvasUser: string;
    /** Name, locale and tokens, encrypted. */
    sealed: string;
    tokenExpiresAt: number | null;
    /** Counts the tokens this session has had. */
    tokenVersion: number;
    /** Who is refreshing the token, and until when nobody else does. */
    refreshHolder: string | null;
    refreshUntil: number;
    createdAt: number;
    seenAt: number;
  };
  /** Who has drawn from an allowance lately, by a keyed digest, and when they have all of it again. */
  gatewayAllowances: { key: string; fullAt: number };
}

export const gatewayMigrations: readonly Migration[] = [
  {
    name: 'gateway-001-attempts',
    async up({ db }) {
      await db.schema
        .createTable('gatewayMemory')
        .addColumn('onlyRow', 'integer', (column) => column.primaryKey())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('stampedUntil', 'bigint', (column) => column.notNull())
        .execute();
      await (db as unknown as Kysely<GatewayTables>)
        .insertInto('gatewayMemory')
        .values({ onlyRow: 1, name: '', stampedUntil: 0 })
        .execute();
      await db.schema
        .createTable('gatewayAttempts')
        .addColumn('attempt', 'text', (column) => column.primaryKey())
        .addColumn('account', 'text', (column) => column.notNull())
        .addColumn('fingerprint', 'text', (column) => column.notNull())
        .addColumn('recordedAt', 'bigint', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('reason', 'text')
        .addColumn('status', 'integer')
        .addColumn('headers', 'text')
        .addColumn('body', 'text')
        .execute();
      await db.schema
        .createIndex('gatewayAttemptsByTime')
        .on('gatewayAttempts')
        .column('recordedAt')
        .execute();
      await db.schema
        .createTable('gatewayEpochs')
        .addColumn('account', 'text', (column) => column.notNull())
        .addColumn('installation', 'text', (column) => column.notNull())
        .addColumn('epoch', 'bigint', (column) => column.notNull())
        .addColumn('heardAt', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('gatewayEpochsKey', ['account', 'installation'])
        .execute();
    },
  },
  {
    name: 'gateway-002-sessions',
    async up({ db }) {
      await db.schema
        .createTable('gatewaySessions')
        .addColumn('session', 'text', (column) => column.primaryKey())
        .addColumn('canvasUser', 'text', (column) => column.notNull())
        .addColumn('sealed', 'text', (column) => column.notNull())
        .addColumn('tokenExpiresAt', 'bigint')
        .addColumn('tokenVersion', 'integer', (column) => column.notNull())
        .addColumn('refreshHolder', 'text')
        .addColumn('refreshUntil', 'bigint', (column) => column.notNull())
        .addColumn('createdAt', 'bigint', (column) => column.notNull())
        .addColumn('seenAt', 'bigint', (column) => column.notNull())
        .execute();
      await db.schema.createIndex('gatewaySessionsBySeen').on('gatewaySessions').column('seenAt').execute();
    },
  },
  {
    name: 'gateway-003-rotation',
    async up({ db }) {
      for (const [column, type] of [
        ['cookie', 'text'],
        ['previousCookie', 'text'],
        ['rotatedAt', 'bigint'],
        ['cookieSeenAt', 'bigint'],
        ['device', 'text'],
      ] as const) {
        await db.schema.alterTable('gatewaySessions').addColumn(column, type).execute();
      }
      await (db as unknown as Kysely<GatewayTables>)
        .updateTable('gatewaySessions')
        .set((eb) => ({
          cookie: eb.ref('session'),
          rotatedAt: eb.ref('createdAt'),
          cookieSeenAt: eb.ref('createdAt'),
          device: '',
        }))
        .execute();
      const index = (name: string, column: string) =>
        db.schema.createIndex(name).on('gatewaySessions').column(column);
      await index('gatewaySessionsByCookie', 'cookie').unique().execute();
      await index('gatewaySessionsByPreviousCookie', 'previousCookie').execute();
      await index('gatewaySessionsByUser', 'canvasUser').execute();
    },
  },
  {
    name: 'gateway-004-allowances',
    async up({ db }) {
      await db.schema
        .createTable('gatewayAllowances')
        .addColumn('key', 'text', (column) => column.primaryKey())
        .addColumn('fullAt', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
];
