import { Hono } from 'hono';
import { endpointsOf } from './endpoints.ts';
import { answerRefusal } from './http/answer-refusal.ts';
import { handlerOf } from './http/call.ts';
import { failure, missing, Refusal } from './http/refusal.ts';
import { createThrottle } from './http/throttle.ts';
import { createResultWriter } from './live-assessments/result-writer.ts';
import { authorizeRoutes } from './oauth/authorize.ts';
import { linkRoutes } from './oauth/link.ts';
import { tokenRoutes } from './oauth/token.ts';
import type { SchoolOptions } from './options.ts';
import { loadSampleIfEmpty } from './sample/load-sample.ts';
import { readFacts, type SchoolFacts } from './school-facts.ts';
import type { School } from './school-parts.ts';
import { createScoring } from './scores/scoring.ts';
import type { SchoolTables } from './tables.ts';

/** A Canvas of our own: from request to response, over HTTP or in the same process. */
export interface EmbeddedSchool {
  /** Answers every request; never rejects. */
  readonly fetch: (request: Request) => Promise<Response>;
  readonly facts: () => Promise<SchoolFacts>;
  /** Waits for the scores that are being computed. The database stays the caller's to close. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the school in a migrated database, which stays the caller's to close. An empty one is filled with
 * the sample school.
 * @see canvas-contract: what it answers
 */
export async function createSchool(options: SchoolOptions): Promise<EmbeddedSchool> {
  const db = options.database.tables<SchoolTables>();
  const revision = options.revision ?? 'B';
  const onUnexpected = options.onUnexpected ?? (() => undefined);
  const scoring = createScoring({ db, clock: options.clock, revision, onUnexpected });
  const school: School = {
    db,
    clock: options.clock,
    revision,
    resultWriter: createResultWriter({ db, revision, scoring }),
    developerKeys: options.developerKeys ?? [],
    timeZone: options.timeZone ?? 'UTC',
    throttle: options.throttle && createThrottle(options.clock, options.throttle),
  };
  if (options.sampleIfEmpty ?? true) await loadSampleIfEmpty(school.db);
  // What the last run of the server has left.
  scoring.wake();
  const app = routes(school);
  app.notFound(() => answerRefusal(missing()));
  app.onError((error) => {
    if (error instanceof Refusal) return answerRefusal(error);
    onUnexpected(error);
    return answerRefusal(failure());
  });
  return {
    fetch: async (request) => app.fetch(request),
    facts: () => readFacts(school.db),
    close: () => scoring.idle(),
  };
}

function routes(school: School): Hono {
  const app = new Hono({ getPath: routedPath });
  for (const endpoint of endpointsOf(school)) {
    app.on(endpoint.method, endpoint.path, handlerOf(school, endpoint));
  }
  for (const part of [authorizeRoutes, linkRoutes, tokenRoutes]) app.route('/', part(school));
  return app;
}

/** Canvas takes `.json` after every API path (contract §1). */
function routedPath(request: Request): string {
  const { pathname } = new URL(request.url);
  return pathname.startsWith('/api/') ? pathname.replace(/\.json$/, '') : pathname;
}
