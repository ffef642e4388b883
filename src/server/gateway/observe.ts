import { randomUUID } from 'node:crypto';
import { outcomeHeader, reasonHeader, speakerHeader } from '#canvas/gateway-wire.ts';
import type { Clock } from '#lib/clock.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from './metrics.ts';
import { NoConnectionError, type Upstream } from './upstream.ts';

/** Goes with one request through the gateway. */
export interface Seen {
  readonly id: string;
  /** Who asks, for counting. */
  readonly address: string;
  /** The pattern that matched, for lines and counts: never the path itself, which holds ids. */
  route: string;
}

/** Names a request in our log and in the answer, so that a teacher's report can be found again. */
const requestIdHeader = 'x-request-id';

/** Routes whose every request is worth a line; files and health checks are counted only. */
const logged = /^\/(api|tapmark|login)/;
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Answers a request, names it, counts it, and writes its line. */
export function createObserver(deps: {
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Pick<Logger, 'info'>;
}): (request: Request, address: string, answer: (seen: Seen) => Promise<Response>) => Promise<Response> {
  const { clock, metrics, log } = deps;
  return async (request, address, answer) => {
    const seen: Seen = { id: randomUUID(), address, route: 'other' };
    const startedMs = clock.monotonicMs();
    const response = await answer(seen);
    const ms = clock.monotonicMs() - startedMs;
    response.headers.set(requestIdHeader, seen.id);
    const method = methods.has(request.method) ? request.method : 'other';
    const { status, headers } = response;
    metrics.count('tapmark_requests_total', { route: seen.route, method, status: String(status) });
    metrics.time('tapmark_request_seconds', { route: seen.route }, ms);
    const outcome = headers.get(outcomeHeader) ?? undefined;
    if (seen.route.endsWith('/results') && method === 'POST') {
      metrics.count('tapmark_attempts_total', { end: outcome ?? `answered-${Math.floor(status / 100)}xx` });
    }
    if (logged.test(seen.route)) {
      log.info('request', {
        id: seen.id,
        method,
        route: seen.route,
        status,
        ms: Math.round(ms * 10) / 10,
        speaker: headers.get(speakerHeader) ?? undefined,
        outcome,
        reason: headers.get(reasonHeader) ?? undefined,
        // Canvas's own name for the request, which its support asks for.
        canvas: headers.get('x-request-context-id') ?? undefined,
      });
    }
    return response;
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
