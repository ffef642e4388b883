import { randomUUID } from 'node:crypto';
import { outcomeHeader, reasonHeader, speakerHeader } from '#canvas/gateway-wire.ts';
import type { Clock } from '#lib/clock.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from './metrics.ts';
import { NoConnectionError, type ReadUpstream, type Upstream } from './upstream.ts';

/** Goes with one request through the gateway. */
export interface Seen {
  readonly id: string;
  readonly startedMs: number;
  /** Who asks, for counting. */
  readonly address: string;
  /** The pattern that matched, for lines and counts: never the path itself, which holds ids. */
  route: string;
}

/** Names a request in our log and in the answer, so that a teacher's report can be found again. */
export const requestIdHeader = 'x-request-id';

/** Routes whose every request is worth a line; files and health checks are counted only. */
const logged = /^\/(api|tapmark|login)/;
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** An answer as far as lines and counts tell of it. */
interface Told {
  readonly method: string;
  readonly status: number;
  readonly header: (name: string) => string | null | undefined;
}

export interface Observer {
  /** A request begins. */
  begin(address: string): Seen;
  /** It was answered: counts it and writes its line. */
  tell(seen: Seen, told: Told): void;
  /** Answers a request, names it, counts it, and writes its line. */
  observe(request: Request, address: string, answer: (seen: Seen) => Promise<Response>): Promise<Response>;
}

/** Names, counts and logs what passes the gateway. */
export function createObserver(deps: {
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Pick<Logger, 'info'>;
}): Observer {
  const { clock, metrics, log } = deps;

  const begin = (address: string): Seen => ({
    id: randomUUID(),
    startedMs: clock.monotonicMs(),
    address,
    route: 'other',
  });

  function tell(seen: Seen, { method: given, status, header }: Told): void {
    const ms = clock.monotonicMs() - seen.startedMs;
    const method = methods.has(given) ? given : 'other';
    metrics.count('tapmark_requests_total', { route: seen.route, method, status: String(status) });
    metrics.time('tapmark_request_seconds', { route: seen.route }, ms);
    const outcome = header(outcomeHeader) ?? undefined;
    if (seen.route.endsWith('/results') && method === 'POST') {
      metrics.count('tapmark_attempts_total', { end: outcome ?? `answered-${Math.floor(status / 100)}xx` });
    }
    if (!logged.test(seen.route)) return;
    log.info('request', {
      id: seen.id,
      method,
      route: seen.route,
      status,
      ms: Math.round(ms * 10) / 10,
      speaker: header(speakerHeader) ?? undefined,
      outcome,
      reason: header(reasonHeader) ?? undefined,
      // Canvas's own name for the request, which its support asks for.
      canvas: header('x-request-context-id') ?? undefined,
    });
  }

  return {
    begin,
    tell,
    async observe(request, address, answer) {
      const seen = begin(address);
      const response = await answer(seen);
      response.headers.set(requestIdHeader, seen.id);
      const { status, headers } = response;
      tell(seen, { method: request.method, status, header: (name) => headers.get(name) });
      return response;
    },
  };
}

/** The way to Canvas, counted and timed. */
export function observedUpstream(
  upstream: Upstream,
  { clock, metrics }: { readonly clock: Clock; readonly metrics: Metrics },
): Upstream {
  return async (request) => {
    const kind = /\/login\/oauth2\/token/.test(request.url)
      ? 'token'
      : request.method === 'GET'
        ? 'read'
        : 'write';
    const startedMs = clock.monotonicMs();
    let end = 'cut-off';
    try {
      const response = await upstream(request);
      end = `${Math.floor(response.status / 100)}xx`;
      return response;
    } catch (error) {
      if (error instanceof NoConnectionError) end = 'no-connection';
      throw error;
    } finally {
      metrics.count('tapmark_canvas_requests_total', { kind, end });
      metrics.time('tapmark_canvas_seconds', { kind }, clock.monotonicMs() - startedMs);
    }
  };
}

/** Reads on plain objects, counted and timed the same way. */
export function observedRead(
  read: ReadUpstream,
  { clock, metrics }: { readonly clock: Clock; readonly metrics: Metrics },
): ReadUpstream {
  return async (question) => {
    const startedMs = clock.monotonicMs();
    let end = 'cut-off';
    try {
      const answer = await read(question);
      end = `${Math.floor(answer.status / 100)}xx`;
      return answer;
    } catch (error) {
      if (error instanceof NoConnectionError) end = 'no-connection';
      throw error;
    } finally {
      metrics.count('tapmark_canvas_requests_total', { kind: 'read', end });
      metrics.time('tapmark_canvas_seconds', { kind: 'read' }, clock.monotonicMs() - startedMs);
    }
  };
}
