import {
  accountHeader,
  attemptHeader,
  epochHeader,
  gatewayTimeoutMs,
  installationHeader,
  outcomeHeader,
  reasonHeader,
  speakerHeader,
  stampHeader,
  type GatewayReason,
  type Speaker,
} from '#canvas/gateway-wire.ts';
import type { Clock } from '#lib/clock.ts';
import { createLedger, type ForwardEnd, type Ledger } from '#server/gateway/attempts/ledger.ts';
import type { AttemptRepository, Sender } from '#server/gateway/attempts/repository.ts';
import type { ModelAnswer } from './model-canvas.ts';

/** A request as it reaches the gateway. */
export interface GatewayRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface ModelGatewayDeps {
  readonly repository: AttemptRepository;
  readonly clock: Clock;
  /** Who is signed in at the gateway; undefined: nobody. */
  user(): string | undefined;
  /** True: there is no gateway of §13; the request goes on as it is, and the answer bears no mark. */
  readonly direct?: boolean;
  /** Puts a request before Canvas once. Rejects when no answer comes; `'no-connection'` when it never left. */
  upstream(
    request: GatewayRequest & { readonly user: string | undefined },
  ): Promise<ModelAnswer | 'no-connection'>;
}

/**
 * The gateway's duties of sync protocol §13 around the real attempt ledger, without HTTP: what the client sees of it
 * are status, headers and body.
 */
export function createModelGateway(
  deps: ModelGatewayDeps,
): (request: GatewayRequest) => Promise<ModelAnswer> {
  const ledger = createLedger({
    repository: deps.repository,
    clock: deps.clock,
    seal: (text) => `s${text.length}`,
    report: () => undefined,
  });
  const says = async (speaker: Speaker, answer: ModelAnswer): Promise<ModelAnswer> => ({
    ...answer,
    headers: {
      date: new Date(deps.clock.wallMs()).toUTCString(),
      ...answer.headers,
      [speakerHeader]: speaker,
      [stampHeader]: await ledger.stamp(),
    },
  });
  const refuse = (status: number, outcome: 'not-sent' | 'unknown', reason: GatewayReason) =>
    says('gateway', {
      status,
      headers: { [outcomeHeader]: outcome, [reasonHeader]: reason },
      body: '',
    });

  return async (request) => {
    const { path, headers } = request;
    const user = deps.user();
    if (deps.direct === true) return directly(deps, request);
    if (path === '/tapmark/session') return says('gateway', session(user));
    const inquired = /^\/tapmark\/attempts\/([^/]+)\/inquiry$/.exec(path)?.[1];
    if (inquired !== undefined) {
      const { stamp } = JSON.parse(request.body ?? '{}') as { stamp?: string };
      const account = headers[accountHeader] ?? '';
      const said = await ledger.inquire({ id: inquired, account, stamp });
      return says('gateway', { status: 200, headers: {}, body: JSON.stringify(said) });
    }
    const attempt = headers[attemptHeader];
    if (user === undefined || user !== headers[accountHeader]) {
      if (attempt === undefined) return refuse(401, 'not-sent', 'sign-in');
      const copy = { id: attempt, account: user ?? '', stamp: headers[stampHeader] };
      const end = await ledger.refuse(copy, 'sign-in');
      // A copy of what was forwarded before must not be told that Canvas never saw it.
      const outcome = end.kind === 'refused' ? end.outcome : 'unknown';
      return refuse(outcome === 'unknown' ? 504 : 401, outcome, 'sign-in');
    }
    const sender = senderOf(user, headers);
    if (attempt !== undefined)
      return sendAttempt({ ledger, deps, says, refuse }, { request, user, sender, attempt });
    await ledger.hear(sender);
    const answer = await withinTimeout(deps.clock, deps.upstream({ ...request, user }));
    if (answer === 'no-connection') return refuse(503, 'not-sent', 'no-connection');
    return answer === undefined ? refuse(504, 'unknown', 'no-answer') : says('canvas', answer);
  };
}

async function directly(deps: ModelGatewayDeps, request: GatewayRequest): Promise<ModelAnswer> {
  const user = deps.user();
  if (request.path === '/tapmark/session') return session(user);
  const answer = await deps.upstream({ ...request, user });
  if (answer === 'no-connection') throw new Error('no connection');
  return { ...answer, headers: { date: new Date(deps.clock.wallMs()).toUTCString(), ...answer.headers } };
}

async function sendAttempt(
  gateway: {
    ledger: Ledger;
    deps: ModelGatewayDeps;
    says(speaker: Speaker, answer: ModelAnswer): Promise<ModelAnswer>;
    refuse(status: number, outcome: 'not-sent' | 'unknown', reason: GatewayReason): Promise<ModelAnswer>;
  },
  sent: { request: GatewayRequest; user: string; sender: Sender; attempt: string },
): Promise<ModelAnswer> {
  const { request, user, sender, attempt } = sent;
  const forward = async (): Promise<ForwardEnd> => {
    const answer = await gateway.deps.upstream({ ...request, user });
    if (answer === 'no-connection') return { kind: 'no-connection' };
    const headers = Object.entries(answer.headers);
    return { kind: 'answer', answer: { status: answer.status, headers, body: answer.body } };
  };
  const fingerprint = `${request.path} ${request.body ?? ''}`;
  const stamp = request.headers[stampHeader];
  const end = await gateway.ledger.send({ ...sender, id: attempt, fingerprint, stamp }, forward);
  if (end.kind === 'refused')
    return gateway.refuse(end.outcome === 'unknown' ? 504 : 503, end.outcome, end.reason);
  return gateway.says('canvas', { ...end.answer, headers: Object.fromEntries(end.answer.headers) });
}

function senderOf(account: string, headers: Readonly<Record<string, string>>): Sender {
  const epoch = Number(headers[epochHeader] ?? '0');
  return { account, installation: headers[installationHeader] ?? '', epoch };
}

function session(user: string | undefined): ModelAnswer {
  const facts = { host: 'canvas.test', schoolName: 'Test school', sample: true };
  const body =
    user === undefined
      ? { signedIn: false, ...facts }
      : { signedIn: true, ...facts, user: { id: user, name: 'Teacher', locale: null } };
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** @returns undefined when no answer came in the gateway's own time */
async function withinTimeout<T>(clock: Clock, answer: Promise<T>): Promise<T | undefined> {
  const done = new AbortController();
  const lapse = clock.sleep(gatewayTimeoutMs, done.signal).then(() => undefined);
  try {
    return await Promise.race([answer.catch(() => undefined), lapse]);
  } finally {
    done.abort();
  }
}
