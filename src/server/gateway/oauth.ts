import * as v from 'valibot';
import { withinTimeout } from './attempts/within-timeout.ts';
import { readText } from './read-text.ts';
import { NoConnectionError, type Upstream } from './upstream.ts';
import type { Clock } from '#lib/clock.ts';

/** Where Canvas is and who we are to it (canvas-contract §3.2). */
export interface CanvasKey {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface Tokens {
  readonly accessToken: string;
  /** Absent in the answer to a refresh: then the old one goes on. */
  readonly refreshToken?: string;
  readonly expiresInS?: number;
}

export interface SignedInUser {
  readonly id: string;
  readonly name: string;
  readonly locale: string | null;
}

export type GrantEnd =
  | { readonly kind: 'granted'; readonly tokens: Tokens; readonly user?: SignedInUser }
  /** Canvas looked at it and said no: the code or refresh token is worthless. */
  | { readonly kind: 'refused' }
  /** Canvas could not be asked, or the answer is not one; trying later makes sense. */
  | { readonly kind: 'failed'; readonly connected: boolean };

export interface OAuthClient {
  exchange(code: {
    code: string;
    verifier: string;
    redirectUri: string;
    canvasOrigin: string;
  }): Promise<GrantEnd>;
  refresh(refreshToken: string, canvasOrigin: string): Promise<GrantEnd>;
  /** Asks Canvas to forget the token; a failure is Canvas's loss, not the user's. */
  revoke(accessToken: string, canvasOrigin: string): Promise<void>;
}

/** Below the refresh lease, and below the time a screen waits to hear who is signed in. */
const grantTimeoutMs = 10_000;
const largestGrant = 64 * 1024;

// An id may be a number beyond 2^53 if Canvas ignores the string-ids header, so it is read from the text first.
const idSchema = v.pipe(
  v.union([v.string(), v.number()]),
  v.transform(String),
  v.regex(/^\d{1,20}$/, 'not an id'),
);
const grantSchema = v.object({
  access_token: v.pipe(v.string(), v.minLength(1), v.maxLength(4096)),
  token_type: v.optional(v.string()),
  refresh_token: v.nullish(v.pipe(v.string(), v.minLength(1), v.maxLength(4096))),
  expires_in: v.nullish(v.number()),
  user: v.nullish(
    v.object({
      id: idSchema,
      name: v.nullish(v.string(), ''),
      effective_locale: v.nullish(v.string()),
    }),
  ),
});

/** Bad code, and bad refresh token, which Canvas calls an invalid request (canvas-contract §3.2). */
const refusalSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ error: v.picklist(['invalid_grant', 'invalid_request']) }),
);

/** The gateway's side of OAuth2 towards Canvas. Tokens pass through here and are never logged. */
export function createOAuthClient(deps: {
  readonly upstream: Upstream;
  readonly key: CanvasKey;
  readonly userAgent: string;
  readonly clock: Clock;
  /** On sign-out Canvas's own session ends, too: on a shared tablet the next person must not slip into it. */
  readonly endCanvasSession?: boolean;
}): OAuthClient {
  const { upstream, key, userAgent, clock } = deps;
  const revocation = `/login/oauth2/token${deps.endCanvasSession === true ? '?expire_sessions=1' : ''}`;

  async function ask(canvasOrigin: string, fields: Record<string, string>): Promise<GrantEnd> {
    const body = new URLSearchParams({
      ...fields,
      client_id: key.clientId,
      client_secret: key.clientSecret,
    }).toString();
    const request = (signal: AbortSignal) =>
      new Request(`${canvasOrigin}/login/oauth2/token`, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          accept: 'application/json+canvas-string-ids, application/json',
          'user-agent': userAgent,
        },
        body,
        redirect: 'manual',
        signal,
      });
    const failed = (error: unknown): GrantEnd => ({
      kind: 'failed',
      connected: !(error instanceof NoConnectionError),
    });
    return withinTimeout<GrantEnd>({
      clock,
      limitMs: grantTimeoutMs,
      work: async (signal) => {
        try {
          const response = await upstream(request(signal));
          return readGrant(response.status, await readText(response.body, largestGrant));
        } catch (error) {
          return failed(error);
        }
      },
      late: () => failed(undefined),
    });
  }

  return {
    exchange: ({ code, verifier, redirectUri, canvasOrigin }) =>
      ask(canvasOrigin, {
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        code_verifier: verifier,
      }),
    refresh: (refreshToken, canvasOrigin) =>
      ask(canvasOrigin, { grant_type: 'refresh_token', refresh_token: refreshToken }),
    async revoke(accessToken, canvasOrigin) {
      await withinTimeout<undefined>({
        clock,
        limitMs: 5_000,
        work: async (signal) => {
          const headers = { authorization: `Bearer ${accessToken}`, 'user-agent': userAgent };
          const response = await upstream(
            new Request(canvasOrigin + revocation, { method: 'DELETE', headers, redirect: 'manual', signal }),
          );
          await response.body?.cancel();
        },
        late: () => undefined,
      }).catch(() => undefined);
    },
  };
}

/** Reads the token endpoint's answer. 401 `invalid_client` is the key's fault, not the user's: worth a later try. */
function readGrant(status: number, text: string): GrantEnd {
  if (status === 400 && v.is(refusalSchema, text)) return { kind: 'refused' };
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), grantSchema), quoteIds(text));
  if (status !== 200 || !parsed.success) return { kind: 'failed', connected: true };
  const { access_token, refresh_token, expires_in, user } = parsed.output;
  return {
    kind: 'granted',
    tokens: {
      accessToken: access_token,
      ...(refresh_token == null ? {} : { refreshToken: refresh_token }),
      ...(expires_in == null ? {} : { expiresInS: expires_in }),
    },
    ...(user == null
      ? {}
      : { user: { id: user.id, name: user.name, locale: user.effective_locale ?? null } }),
  };
}

/** `user.id` is a JSON number here (canvas-contract §3.2) and may exceed 2^53: keep every digit. */
function quoteIds(text: string): string {
  return text.replace(/("id"\s*:\s*)(\d+)/g, '$1"$2"');
}
