import type { Selectable } from 'kysely';
import * as v from 'valibot';
import type { Clock } from '#lib/clock.ts';
import type { Database } from '../database/database.ts';
import type { GatewayTables } from './migrations.ts';
import type { OAuthClient, SignedInUser, Tokens } from './oauth.ts';
import { digest, randomToken, type Vault } from './vault.ts';

/** A session unused for this long is over; a teacher who marked a week offline still finds it. */
const idleMs = 30 * 24 * 3_600_000;
/** However much it is used. */
export const absoluteMs = 180 * 24 * 3_600_000;
/** `seenAt` is written no more often than this. */
const seenEveryMs = 10 * 60_000;
/** A token with less than this left is refreshed before anything is forwarded, so that none expires on its way. */
const freshForMs = 120_000;
/** Longer than the refresh itself may take, so that two instances never refresh at once. */
const leaseMs = 30_000;
const pollMs = 50;

export interface Session {
  /** Digest of the cookie: names the session, opens nothing. */
  readonly id: string;
  readonly user: SignedInUser;
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly tokenExpiresAtMs: number | undefined;
  readonly tokenVersion: number;
}

export type FreshEnd =
  | { readonly kind: 'fresh'; readonly session: Session }
  /** Canvas refused to renew the token: the session is over. */
  | { readonly kind: 'ended' }
  /** Canvas could not be asked. */
  | { readonly kind: 'unreachable' };

export interface Sessions {
  /** @returns the new session's cookie value, known to the browser alone */
  begin(user: SignedInUser, tokens: Tokens): Promise<string>;
  find(cookie: string | undefined): Promise<Session | undefined>;
  end(id: string): Promise<void>;
  /** Makes sure the token lasts for the next request, refreshing it if need be: one at a time over all instances. */
  fresh(session: Session, canvasOrigin: string): Promise<FreshEnd>;
  /** Canvas called this token expired. @returns the session, which `fresh` will now give a new token */
  distrust(session: Session): Promise<Session>;
  /** Removes sessions that are over. */
  cleanUp(): Promise<void>;
}

const sealedSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    name: v.string(),
    locale: v.nullable(v.string()),
    accessToken: v.string(),
    refreshToken: v.optional(v.string()),
  }),
);

/** Sessions in the server's database; tokens and names encrypted, cookies as digests only. */
export function createSessions(deps: {
  readonly database: Database;
  readonly vault: Vault;
  readonly oauth: OAuthClient;
  readonly clock: Clock;
}): Sessions {
  const { vault, oauth, clock } = deps;
  const db = deps.database.tables<GatewayTables>();

  const sealedOf = (id: string, user: SignedInUser, tokens: Tokens): string => {
    const { accessToken, refreshToken } = tokens;
    const content = { name: user.name, locale: user.locale, accessToken, refreshToken };
    return vault.lock(JSON.stringify(content), `session ${id}`);
  };

  const expiryOf = (tokens: Tokens): number | null =>
    tokens.expiresInS === undefined ? null : clock.wallMs() + tokens.expiresInS * 1000;

  async function load(id: string): Promise<Session | undefined> {
    const row = await db
      .selectFrom('gatewaySessions')
      .selectAll()
      .where('session', '=', id)
      .executeTakeFirst();
    if (row === undefined || isOver(row, clock.wallMs())) return undefined;
    const sealed = v.safeParse(sealedSchema, vault.unlock(row.sealed, `session ${id}`));
    // Sealed with another secret: nobody can use it any more.
    if (!sealed.success) return undefined;
    if (clock.wallMs() - row.seenAt > seenEveryMs) {
      await db
        .updateTable('gatewaySessions')
        .set({ seenAt: clock.wallMs() })
        .where('session', '=', id)
        .execute();
    }
    const { name, locale, accessToken, refreshToken } = sealed.output;
    return {
      id,
      user: { id: row.canvasUser, name, locale },
      accessToken,
      refreshToken,
      tokenExpiresAtMs: row.tokenExpiresAt ?? undefined,
      tokenVersion: row.tokenVersion,
    };
  }

  async function takeLease(session: Session, holder: string): Promise<boolean> {
    const taken = await db
      .updateTable('gatewaySessions')
      .set({ refreshHolder: holder, refreshUntil: clock.wallMs() + leaseMs })
      .where('session', '=', session.id)
      .where('tokenVersion', '=', session.tokenVersion)
      .where('refreshUntil', '<', clock.wallMs())
      .executeTakeFirst();
    return Number(taken.numUpdatedRows) === 1;
  }

  /** Under the lease. Canvas kills the old token with the new one, so the new one is written before anything else. */
  async function refresh(session: Session, holder: string, canvasOrigin: string): Promise<FreshEnd> {
    const mine = db
      .updateTable('gatewaySessions')
      .where('session', '=', session.id)
      .where('refreshHolder', '=', holder);
    const grant =
      session.refreshToken === undefined
        ? ({ kind: 'refused' } as const)
        : await oauth.refresh(session.refreshToken, canvasOrigin);
    switch (grant.kind) {
      case 'granted': {
        const { tokens } = grant;
        const refreshToken = tokens.refreshToken ?? session.refreshToken;
        const kept = refreshToken === undefined ? tokens : { ...tokens, refreshToken };
        await mine
          .set({
            sealed: sealedOf(session.id, session.user, kept),
            tokenExpiresAt: expiryOf(tokens),
            tokenVersion: session.tokenVersion + 1,
            refreshHolder: null,
            refreshUntil: 0,
          })
          .execute();
        const renewed = await load(session.id);
        return renewed === undefined ? { kind: 'ended' } : { kind: 'fresh', session: renewed };
      }
      case 'refused':
        await db
          .deleteFrom('gatewaySessions')
          .where('session', '=', session.id)
          .where('refreshHolder', '=', holder)
          .execute();
        return { kind: 'ended' };
      case 'failed':
        await mine.set({ refreshHolder: null, refreshUntil: 0 }).execute();
        return { kind: 'unreachable' };
    }
  }

  return {
    async begin(user, tokens) {
      const cookie = randomToken();
      const id = digest(cookie);
      const now = clock.wallMs();
      await db
        .insertInto('gatewaySessions')
        .values({
          session: id,
          canvasUser: user.id,
          sealed: sealedOf(id, user, tokens),
          tokenExpiresAt: expiryOf(tokens),
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
      return cookie !== undefined && /^[\w-]{43}$/.test(cookie) ? load(digest(cookie)) : undefined;
    },

    async end(id) {
      await db.deleteFrom('gatewaySessions').where('session', '=', id).execute();
    },

    async fresh(given, canvasOrigin) {
      const holder = randomToken();
      const givenUpAtMs = clock.monotonicMs() + leaseMs * 2;
      let session: Session | undefined = given;
      while (session !== undefined && clock.monotonicMs() < givenUpAtMs) {
        if (!isStale(session, clock.wallMs())) return { kind: 'fresh', session };
        if (await takeLease(session, holder)) {
          const end = await refresh(session, holder, canvasOrigin);
          const usable = end.kind === 'unreachable' && !isExpired(session, clock.wallMs());
          return usable ? { kind: 'fresh', session } : end;
        }
        const stored = await load(session.id);
        if (stored?.tokenVersion === session.tokenVersion) await clock.sleep(pollMs);
        session = stored;
      }
      return session === undefined ? { kind: 'ended' } : { kind: 'unreachable' };
    },

    async distrust(session) {
      await db
        .updateTable('gatewaySessions')
        .set({ tokenExpiresAt: 0 })
        .where('session', '=', session.id)
        .where('tokenVersion', '=', session.tokenVersion)
        .execute();
      return { ...session, tokenExpiresAtMs: 0 };
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

function isOver(row: Selectable<GatewayTables['gatewaySessions']>, nowMs: number): boolean {
  return row.seenAt < nowMs - idleMs || row.createdAt < nowMs - absoluteMs;
}

/** Personal tokens have no expiry and are never refreshed. */
function isStale(session: Session, nowMs: number): boolean {
  return session.tokenExpiresAtMs !== undefined && session.tokenExpiresAtMs - nowMs < freshForMs;
}

function isExpired(session: Session, nowMs: number): boolean {
  return session.tokenExpiresAtMs !== undefined && session.tokenExpiresAtMs <= nowMs;
}
