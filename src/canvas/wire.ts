import * as v from 'valibot';
import type { InstallationId, UserId } from '#domain/ids.ts';
import type { Clock } from '#lib/clock.ts';
import type { Answered, AnswerFacts, WireFetch } from './answer.ts';
import { CanvasError, WrongShapeError } from './errors.ts';
import { exchange } from './exchange.ts';
import { accountHeader, attemptTimeoutMs, epochHeader, installationHeader } from './gateway-wire.ts';
import { judge } from './judge.ts';
import type { Trust } from './judge.ts';
import { hasLinks, nextInLink, nextPage, pageTrail } from './paging.ts';

/** Who is asking: borne by every request, so that a session of somebody else is refused. */
export interface Identity {
  readonly installation: InstallationId;
  /** The sender's epoch, once there is one (sync protocol §8.1). */
  readonly epoch?: number;
  readonly account: UserId;
}

export interface CanvasClientDeps {
  readonly fetch: WireFetch;
  readonly clock: Clock;
  /** Our own origin, without a slash at the end: all requests go there, and all pages must lie there. */
  readonly origin: string;
  /** Asked at each request; undefined before anybody has signed in. */
  readonly identity: () => Identity | undefined;
  /** `mark` (default): only answers with the gateway's mark count. `form`: there is no Tapmark gateway. */
  readonly trust?: Trust;
  /** Told of every answer, good or bad, before its value is handed out: for clock, stamp and quota. */
  readonly onAnswer?: (facts: AnswerFacts) => void;
}

export interface Ask {
  /** A path of our own, or the full URL of a next page. */
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** Statuses that are a success. */
  readonly wanted?: readonly number[];
}

/** Parsed JSON of a success, with what is needed to go on to the next page. */
interface Received {
  readonly json: unknown;
  readonly answer: AnswerFacts;
  readonly url: string;
  readonly link: string | null;
}

/** One page of a list. */
export interface Page<T> {
  readonly value: T;
  readonly answer: AnswerFacts;
  /** Whether the page says how the list goes on, in its body or by `Link`. */
  readonly paged: boolean;
  readonly next?: string;
}

/** Sends requests, judges answers, checks shapes. What the endpoints have in common. */
export type Wire = ReturnType<typeof createWire>;

/** @returns functions that throw nothing but the CanvasError family */
export function createWire(deps: CanvasClientDeps) {
  const { origin, trust = 'mark' } = deps;

  /** `fetch` is called before anything is awaited; so it is in everything below that calls this first. */
  async function send({
    path,
    body,
    headers,
    timeoutMs = attemptTimeoutMs,
    signal,
    wanted,
  }: Ask): Promise<Received> {
    const { href: url, origin: target } = new URL(path, origin);
    if (target !== new URL(origin).origin) throw new RangeError('a page on another origin');
    const read = await exchange(deps, {
      url,
      request: {
        method: body === undefined ? 'GET' : 'POST',
        headers: { ...commonHeaders(deps.identity(), body), ...headers },
        ...(body === undefined ? {} : { body }),
      },
      timeoutMs,
      ...(signal === undefined ? {} : { signal }),
    }).catch((error: unknown) => {
      if (error instanceof CanvasError && error.answer !== undefined) deps.onAnswer?.(error.answer);
      throw error;
    });
    deps.onAnswer?.(read.facts);
    const verdict = judge(read, trust, wanted);
    if ('error' in verdict) throw verdict.error;
    return { json: verdict.json, answer: read.facts, url, link: read.link };
  }

  async function ask<S extends v.GenericSchema>(
    schema: S,
    request: Ask,
  ): Promise<Answered<v.InferOutput<S>>> {
    const { json, answer } = await send(request);
    return { value: shaped(schema, json, answer), answer };
  }

  async function askPage<S extends v.GenericSchema>(
    schema: S,
    request: Ask,
  ): Promise<Page<v.InferOutput<S>>> {
    const { json, answer, url, link } = await send(request);
    const value = shaped(schema, json, answer);
    const next = nextInLink(link) ?? nextInBody(json);
    const paged = hasLinks(link) || v.is(listWithMeta, json);
    return { value, answer, paged, ...(next === undefined ? {} : { next: nextPage(next, { url, answer }) }) };
  }

  /** All pages of a list, in order. Fails as a whole when one page does: half a class must not pass for all. */
  async function askAll<S extends v.GenericSchema>(
    schema: S,
    path: string,
    signal?: AbortSignal,
  ): Promise<readonly v.InferOutput<S>[]> {
    const pages: v.InferOutput<S>[] = [];
    const follow = pageTrail();
    for (let next: string | undefined = path; next !== undefined;) {
      const page: Page<v.InferOutput<S>> = await askPage(schema, { path: next, signal });
      pages.push(page.value);
      next = page.next;
      if (next !== undefined) follow(next, page.answer);
    }
    return pages;
  }

  return { ask, askPage, askAll, send };
}

function shaped<S extends v.GenericSchema>(schema: S, json: unknown, answer: AnswerFacts): v.InferOutput<S> {
  const result = v.safeParse(schema, json, { abortEarly: true });
  if (result.success) return result.output;
  const where = (result.issues[0].path ?? []).map(({ key }) => String(key)).join('.');
  throw new WrongShapeError(`not in the contract’s form: ${where}`, { answer, notJson: false });
}

const listWithMeta = v.object({ meta: v.object({ pagination: v.object({ next: v.nullish(v.string()) }) }) });

/** The two Live Assessments lists name the next page in the body too, where no proxy strips it. */
function nextInBody(json: unknown): string | undefined {
  const result = v.safeParse(listWithMeta, json);
  return result.success ? (result.output.meta.pagination.next ?? undefined) : undefined;
}

function commonHeaders(identity: Identity | undefined, body: string | undefined): Record<string, string> {
  return {
    // Ids beyond 2^53 would not survive as JSON numbers (canvas-contract §3.3).
    accept: 'application/json+canvas-string-ids',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(identity === undefined
      ? {}
      : { [installationHeader]: identity.installation, [accountHeader]: identity.account }),
    ...(identity?.epoch === undefined ? {} : { [epochHeader]: String(identity.epoch) }),
  };
}
