import { NoConnectionError } from '#server/gateway/upstream.ts';
import { keepSecret } from './server-logs/keep.ts';

/** A Canvas in a few lines, for tests of what stands before it: it signs anybody in and answers as it is told. */
export interface ScriptedCanvas {
  /** The gateway's upstream. */
  readonly ask: (request: Request) => Promise<Response>;
  /** Every request under `/api`, in order: what got through. */
  readonly asked: {
    readonly method: string;
    readonly url: string;
    readonly token: string;
    readonly headers: Headers;
    readonly body: string;
  }[];
  /** Every request of the token endpoint, by its `grant_type`, or `revoke`. */
  readonly grants: string[];
  /** The query of every revocation. */
  readonly revocations: string[];
  /** The fields of the latest request of the token endpoint. */
  lastGrant: URLSearchParams;
  /** Answers the next and all later API requests. */
  answer: (request: Request) => Response | Promise<Response>;
  /** Answers refreshes; undefined: with a new token. */
  onRefresh: (() => Response | Promise<Response>) | undefined;
  /** Answers exchanges of a code; undefined: `good-code` is good. */
  onExchange: (() => Response | Promise<Response>) | undefined;
  /** While set, no connection comes about. */
  unreachable: boolean;
  /** Seconds until a token expires. */
  expiresIn: number | undefined;
  /** Tokens that are good at present: a refresh replaces the one before. */
  readonly tokens: Set<string>;
}

export const scriptedUser = { id: '23', name: 'Jimi Hendrix' };

export function json(body: unknown, init: ResponseInit = {}): Response {
  const headers = new Headers(init.headers);
  headers.set('content-type', 'application/json; charset=utf-8');
  return new Response(JSON.stringify(body), { ...init, headers });
}

export const unauthenticated = (): Response =>
  json(
    { errors: [{ message: 'Invalid access token.' }] },
    { status: 401, headers: { 'www-authenticate': 'Bearer realm="canvas-lms"' } },
  );

export function createScriptedCanvas(): ScriptedCanvas {
  let issued = 0;
  const canvas: ScriptedCanvas = {
    asked: [],
    grants: [],
    revocations: [],
    answer: () => json([]),
    lastGrant: new URLSearchParams(),
    onRefresh: undefined,
    onExchange: undefined,
    unreachable: false,
    expiresIn: 3600,
    tokens: new Set(),
    async ask(request) {
      if (canvas.unreachable) throw new NoConnectionError('nobody there');
      const url = new URL(request.url);
      if (url.pathname === '/login/oauth2/token') return token(request);
      const token_ = (request.headers.get('authorization') ?? '').replace('Bearer ', '');
      const body = await request.text();
      canvas.asked.push({
        method: request.method,
        url: request.url,
        token: token_,
        headers: request.headers,
        body,
      });
      if (!canvas.tokens.has(token_)) return unauthenticated();
      return canvas.answer(request);
    },
  };

  async function token(request: Request): Promise<Response> {
    if (request.method === 'DELETE') {
      canvas.grants.push('revoke');
      canvas.revocations.push(new URL(request.url).search);
      canvas.tokens.delete((request.headers.get('authorization') ?? '').replace('Bearer ', ''));
      return json({});
    }
    const fields = new URLSearchParams(await request.text());
    const kind = fields.get('grant_type') ?? '';
    canvas.lastGrant = fields;
    for (const name of ['code', 'code_verifier', 'refresh_token']) keepSecret(name, fields.get(name));
    canvas.grants.push(kind);
    if (kind === 'refresh_token') {
      if (canvas.onRefresh !== undefined) return canvas.onRefresh();
      // A refresh kills the token before it (canvas-contract §3.2).
      canvas.tokens.clear();
      return json(newToken());
    }
    if (canvas.onExchange !== undefined) return canvas.onExchange();
    if (fields.get('code') !== 'good-code') return json({ error: 'invalid_grant' }, { status: 400 });
    return json({ ...newToken(), refresh_token: 'refresh-secret', user: { ...scriptedUser, id: 23 } });
  }

  function newToken() {
    issued += 1;
    const access = `access-secret-${issued}`;
    canvas.tokens.add(access);
    keepSecret('token', access);
    return { access_token: access, token_type: 'Bearer', expires_in: canvas.expiresIn };
  }

  return canvas;
}
