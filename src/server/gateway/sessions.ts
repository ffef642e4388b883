import type { Clock } from '#lib/clock.ts';
import type { Database } from '../database/database.ts';
import type { GatewayTables } from './migrations.ts';
import type { OAuthClient, SignedInUser, Tokens } from './oauth.ts';
import {
  absoluteMs,
  createSessionSeal,
  idleMs,
  isOver,
  type Session,
  type SessionRow,
} from './session-row.ts';
import { createSessionTokens, expiryOf, type SessionTokens } from './session-tokens.ts';
import { digest, randomToken, type Vault } from './vault.ts';

/** `seenAt` is written no more often than this. */
const seenEveryMs = 10 * 60_000;
/** A cookie's value lives this long, then the browser is given another one. */
const rotateEveryMs = 24 * 3_600_000;
/** A new value that has not come back after this is taken for lost, and another is given. */
const arrivesWithinMs = 60_000;
/** Requests that left with the old value may still come this long after the new one was seen. */
const overlapMs = 5 * 60_000;

/** What `recent` remembers, and for how long. */
const recentMs = 1_000;
const mostRecent = 5_000;

export interface SignedInDevice {
  readonly id: string;
  readonly name: string;
  readonly signedInAtMs: number;
  /** To within ten minutes. */
  readonly seenAtMs: number;
}

export type { Session } from './session-row.ts';

export interface Sessions extends SessionTokens {
  /** @returns the new session's cookie value, known to the browser alone */
  begin(user: SignedInUser, tokens: Tokens, device?: string): Promise<string>;
  /**
   * The session of a cookie. A value that was replaced, and comes back after the new one was in use, was copied
   * from somewhere: that ends the session.
   */
  find(cookie: string | undefined): Promise<Session | undefined>;
  /**
   * The same from memory, for reads: as `find` saw it less than a second ago in this process. A sign-out on another
   * instance is so late by at most that, and has told Canvas to refuse the token by then.
   */
  recent(cookie: string | undefined): Session | undefined;
  /** A new value for the cookie, if it is time for one. @param cookie the value that the browser sent */
  renewCookie(cookie: string | undefined): Promise<string | undefined>;
  end(id: string): Promise<void>;
  /** Where a person is signed in, the latest first. */
  devicesOf(canvasUser: string): Promise<SignedInDevice[]>;
  /** By its id, whoever's it is. */
  byId(id: string): Promise<Session | undefined>;
  /** How many there are. */
  count(): Promise<number>;
  /** Removes sessions that are over. */
  cleanUp(): Promise<void>;
}

/** Sessions in the server's database; tokens and names encrypted, cookies as digests only. */
export function createSessions(deps: {
  readonly database: Database;
  readonly vault: Vault;
  readonly oauth: OAuthClient;
  readonly clock: Clock;
  /** Hears of a session that was ended because an old cookie came back. */
  readonly replayed?: () => void;
}): Sessions {
  const { clock } = deps;
  const db = deps.database.tables<GatewayTables>();
  const seal = createSessionSeal(deps.vault);

  const seenLately = new Map<string, { readonly session: Session; readonly atMs: number }>();

  const rowWhere = async (column: 'session' | 'cookie' | 'previousCookie', value: string) => {
    const row = await db
      .selectFrom('gatewaySessions')
      .selectAll()
      .where(column, '=', value)
      .executeTakeFirst();
    return row === undefined || isOver(row, clock.wallMs()) ? undefined : row;
  };

  async function byId(id: string): Promise<Session | undefined> {
    const row = await rowWhere('session', id);
    return row === undefined ? undefined : seal.open(row);
  }

  async function end(id: string): Promise<void> {
    seenLately.clear();
    await db.deleteFrom('gatewaySessions').where('session', '=', id).execute();
  }

  async function rowOf(cookie: string | undefined): Promise<SessionRow | undefined> {
    if (cookie === undefined || !/^[\w-]{43}$/.test(cookie)) return undefined;
    const value = digest(cookie);
    const current = await rowWhere('cookie', value);
    if (current !== undefined) return current;
    const row = await rowWhere('previousCookie', value);
    if (row === undefined) return undefined;
    if (row.cookieSeenAt === null || clock.wallMs() - row.cookieSeenAt <= overlapMs) return row;
    await end(row.session);
    deps.replayed?.();
    return undefined;
  }

  /** Notes that it was used, and that its newest cookie has arrived. */
  async function noteUse(row: SessionRow, cookie: string): Promise<void> {
    const now = clock.wallMs();
    const arrived = row.cookieSeenAt === null && row.cookie === digest(cookie);
    if (!arrived && now - row.seenAt <= seenEveryMs) return;
    await db
      .updateTable('gatewaySessions')
      .set({ seenAt: now, ...(arrived ? { cookieSeenAt: now } : {}) })
      .where('session', '=', row.session)
      .where('cookie', '=', row.cookie)
      .execute();
  }

  const tokens = createSessionTokens({ db, seal, oauth: deps.oauth, clock, load: byId });

  return {
    ...tokens,
    end,
    byId,

    async distrust(session) {
      seenLately.clear();
      return tokens.distrust(session);
    },

    recent(cookie) {
      if (cookie === undefined) return undefined;
      const known = seenLately.get(cookie);
      const isRecent = known !== undefined && clock.monotonicMs() - known.atMs < recentMs;
      return isRecent ? known.session : undefined;
    },

    async begin(user, given, device = '') {
      const cookie = randomToken();
      const id = digest(cookie);
      const now = clock.wallMs();
      await db
        .insertInto('gatewaySessions')
        .values({
          session: id,
          cookie: id,
          previousCookie: null,
          rotatedAt: now,
          cookieSeenAt: now,
          device,
          canvasUser: user.id,
          sealed: seal.seal(id, user, given),
          tokenExpiresAt: expiryOf(given, now),
          tokenVersion: 1,
          refreshHolder: null,
          refreshUntil: 0,
          createdAt: now,
          seenAt: now,
        })
        .execute();
      return cookie;
    },

    async find(cookie) {
      const row = await rowOf(cookie);
      if (row === undefined || cookie === undefined) return undefined;
      const session = seal.open(row);
      if (session === undefined) return undefined;
      await noteUse(row, cookie);
      // Not the value before the present one: that one's use must be looked at each time.
      if (row.cookie === digest(cookie)) {
        if (seenLately.size >= mostRecent) seenLately.clear();
        seenLately.set(cookie, { session, atMs: clock.monotonicMs() });
      }
      return session;
    },

    async renewCookie(cookie) {
      const row = await rowOf(cookie);
      if (row === undefined || cookie === undefined) return undefined;
      const age = clock.wallMs() - row.rotatedAt;
      const sent = digest(cookie);
      const isDue =
        row.cookie === sent ? age > rotateEveryMs : row.cookieSeenAt === null && age > arrivesWithinMs;
      if (!isDue) return undefined;
      const next = randomToken();
      const changed = await db
        .updateTable('gatewaySessions')
        .set({ cookie: digest(next), previousCookie: sent, rotatedAt: clock.wallMs(), cookieSeenAt: null })
        .where('session', '=', row.session)
        .where('cookie', '=', row.cookie)
        .executeTakeFirst();
      // Another tab's request was given one at the same moment.
      return Number(changed.numUpdatedRows) === 1 ? next : undefined;
    },

    async devicesOf(canvasUser) {
      const rows = await db
        .selectFrom('gatewaySessions')
        .selectAll()
        .where('canvasUser', '=', canvasUser)
        .orderBy('seenAt', 'desc')
        .execute();
      return rows
        .filter((row) => !isOver(row, clock.wallMs()))
        .map((row) => ({
          id: row.session,
          name: row.device,
          signedInAtMs: row.createdAt,
          seenAtMs: row.seenAt,
        }));
    },

    async count() {
      const row = await db
        .selectFrom('gatewaySessions')
        .select((eb) => eb.fn.countAll().as('many'))
        .executeTakeFirstOrThrow();
      return Number(row.many);
    },

    async cleanUp() {
      const now = clock.wallMs();
      await db
        .deleteFrom('gatewaySessions')
        .where((eb) => eb.or([eb('seenAt', '<', now - idleMs), eb('createdAt', '<', now - absoluteMs)]))
        .execute();
    },
  };
}
