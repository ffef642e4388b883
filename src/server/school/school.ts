import { Hono } from 'hono';
import { endpointsOf } from './endpoints.ts';
import { answerRefusal } from './http/answer-refusal.ts';
import { handlerOf } from './http/call.ts';
import { failure, missing, Refusal } from './http/refusal.ts';
import { createThrottle } from './http/throttle.ts';
import { authorizeRoutes } from './oauth/authorize.ts';
import { tokenRoutes } from './oauth/token.ts';
import type { SchoolOptions } from './options.ts';
import { loadSampleIfEmpty } from './sample/load-sample.ts';
import { readFacts, type SchoolFacts } from './school-facts.ts';
import type { School } from './school-parts.ts';
import type { SchoolTables } from './tables.ts';

/** A Canvas of our own: from request to response, over HTTP or in the same process. */
export interface EmbeddedSchool {
  /** Answers every request; never rejects. */
  readonly fetch: (request: Request) => Promise<Response>;
  readonly facts: () => Promise<SchoolFacts>;
  /** Waits for what goes on in the background. The database stays the caller's to close. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the school in a migrated database, which stays the caller's to close. An empty one is filled with
 * the sample school.
 * @see canvas-contract: what it answers
 */
export async function createSchool(options: SchoolOptions): Promise<EmbeddedSchool> {
  const school: School = {
    db: options.database.tables<SchoolTables>(),
    clock: options.clock,
    revision: options.revision ?? 'B',
    developerKeys: options.developerKeys ?? [],
    timeZone: options.timeZone ?? 'UTC',
    throttle: options.throttle && createThrottle(options.clock, options.throttle),
  };
  if (options.sampleIfEmpty ?? true) await loadSampleIfEmpty(school.db);
  const app = routes(school);
  app.notFound(() => answerRefusal(missing()));
  app.onError((error) => {
    if (error instanceof Refusal) return answerRefusal(error);
    options.onUnexpected?.(error);
    return answerRefusal(failure());
  });
  return {
    fetch: async (request) => app.fetch(request),
    facts: () => readFacts(school.db),
    close: () => Promise.resolve(),
  };
}

function routes(school: School): Hono {
  const app = new Hono({ getPath: routedPath });
  for (const endpoint of endpointsOf(school)) {
    app.on(endpoint.method, endpoint.path, handlerOf(school, endpoint));
  }
  for (const part of [authorizeRoutes, tokenRoutes]) app.route('/', part(school));
  return app;
}

/** Canvas takes `.json` after every API path (contract §1). */
function routedPath(request: Request): string {
  const { pathname } = new URL(request.url);
  return pathname.startsWith('/api/') ? pathname.replace(/\.json$/, '') : pathname;
}
