import type { Selectable } from 'kysely';
import * as v from 'valibot';
import type { GatewayTables } from './migrations.ts';
import type { SignedInUser, Tokens } from './oauth.ts';
import type { Vault } from './vault.ts';

/** A session unused for this long is over; a teacher who marked a week offline still finds it. */
export const idleMs = 30 * 24 * 3_600_000;
/** However much it is used. */
export const absoluteMs = 180 * 24 * 3_600_000;

export type SessionRow = Selectable<GatewayTables['gatewaySessions']>;

export interface Session {
  /** Names the session, opens nothing. */
  readonly id: string;
  readonly user: SignedInUser;
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly tokenExpiresAtMs: number | undefined;
  readonly tokenVersion: number;
}

export interface SessionSeal {
  seal(id: string, user: SignedInUser, tokens: Tokens): string;
  /** @returns undefined when it was sealed with another secret: nobody can use it any more */
  open(row: SessionRow): Session | undefined;
}

const contentSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    name: v.string(),
    locale: v.nullable(v.string()),
    accessToken: v.string(),
    refreshToken: v.optional(v.string()),
  }),
);
type Content = v.InferOutput<typeof contentSchema>;

/** Opened rows kept, so that not every request decrypts the same text again; what was kept is useless without its row. */
const mostKept = 2_000;

/** Encrypts what a session knows of a person: name, locale and tokens. */
export function createSessionSeal(vault: Vault): SessionSeal {
  const opened = new Map<string, Content>();

  function contentOf(row: SessionRow): Content | undefined {
    const known = opened.get(row.sealed);
    if (known !== undefined) return known;
    const parsed = v.safeParse(contentSchema, vault.unlock(row.sealed, `session ${row.session}`));
    if (!parsed.success) return undefined;
    if (opened.size >= mostKept) opened.clear();
    opened.set(row.sealed, parsed.output);
    return parsed.output;
  }

  return {
    seal(id, user, { accessToken, refreshToken }) {
      const content = { name: user.name, locale: user.locale, accessToken, refreshToken };
      return vault.lock(JSON.stringify(content), `session ${id}`);
    },
    open(row) {
      const content = contentOf(row);
      if (content === undefined) return undefined;
      const { name, locale, accessToken, refreshToken } = content;
      return {
        id: row.session,
        user: { id: row.canvasUser, name, locale },
        accessToken,
        refreshToken,
        tokenExpiresAtMs: row.tokenExpiresAt ?? undefined,
        tokenVersion: row.tokenVersion,
      };
    },
  };
}

export function isOver(row: SessionRow, nowMs: number): boolean {
  return row.seenAt < nowMs - idleMs || row.createdAt < nowMs - absoluteMs;
}
