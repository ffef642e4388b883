import type { Kysely } from 'kysely';
import type { Clock } from '#lib/clock.ts';
import type { GatewayTables } from './migrations.ts';
import type { OAuthClient, Tokens } from './oauth.ts';
import type { Session, SessionSeal } from './session-row.ts';
import { randomToken } from './vault.ts';

/** A token with less than this left is refreshed before anything is forwarded, so that none expires on its way. */
const freshForMs = 120_000;
/** Longer than the refresh itself may take, so that two instances never refresh at once. */
const leaseMs = 30_000;
const pollMs = 50;

export type FreshEnd =
  | { readonly kind: 'fresh'; readonly session: Session }
  /** Canvas refused to renew the token: the session is over. */
  | { readonly kind: 'ended' }
  /** Canvas could not be asked. */
  | { readonly kind: 'unreachable' };

export interface SessionTokens {
  /** Makes sure the token lasts for the next request, refreshing it if need be: one at a time over all instances. */
  fresh(session: Session, canvasOrigin: string): Promise<FreshEnd>;
  /** Canvas called this token expired. @returns the session, which `fresh` will now give a new token */
  distrust(session: Session): Promise<Session>;
}

/** The tokens of sessions: renewed in time, under a lease in the database. */
export function createSessionTokens(deps: {
  readonly db: Kysely<GatewayTables>;
  readonly seal: SessionSeal;
  readonly oauth: OAuthClient;
  readonly clock: Clock;
  readonly load: (id: string) => Promise<Session | undefined>;
}): SessionTokens {
  const { db, seal, oauth, clock, load } = deps;

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
            sealed: seal.seal(session.id, session.user, kept),
            tokenExpiresAt: expiryOf(tokens, clock.wallMs()),
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
  };
}

export function expiryOf(tokens: Tokens, nowMs: number): number | null {
  return tokens.expiresInS === undefined ? null : nowMs + tokens.expiresInS * 1000;
}

/** True when it must be renewed before use. Personal tokens have no expiry and are never refreshed. */
export function isStale(session: Session, nowMs: number): boolean {
  return session.tokenExpiresAtMs !== undefined && session.tokenExpiresAtMs - nowMs < freshForMs;
}

function isExpired(session: Session, nowMs: number): boolean {
  return session.tokenExpiresAtMs !== undefined && session.tokenExpiresAtMs <= nowMs;
}
