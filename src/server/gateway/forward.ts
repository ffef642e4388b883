import type { GatewayReason } from '#canvas/gateway-wire.ts';
import { gatewayTimeoutMs } from '#canvas/gateway-wire.ts';
import type { Clock } from '#lib/clock.ts';
import type { AllowedCall } from './allow-list.ts';
import { attemptAnswer, canvasAnswer, refusal } from './answers.ts';
import { askCanvas } from './ask-canvas.ts';
import type { SenderHeaders } from './attempt-headers.ts';
import type { ForwardEnd, Ledger } from './attempts/ledger.ts';
import { withinTimeout } from './attempts/within-timeout.ts';
import type { PictureAddresses } from './picture-addresses.ts';
import type { Session, Sessions } from './sessions.ts';
import type { Upstream } from './upstream.ts';
import { digest } from './vault.ts';

export interface ForwardDeps {
  readonly upstream: Upstream;
  readonly userAgent: string;
  readonly sessions: Sessions;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly canvasOriginFor: (own: string) => string;
  /** Absent: pictures keep the addresses that Canvas gave them. */
  readonly pictures?: Pick<PictureAddresses, 'rewrite'> | undefined;
}

/** A request that is on the allow-list, with everything known of it. */
export interface Incoming {
  readonly method: string;
  readonly call: AllowedCall;
  readonly own: string;
  readonly sender: SenderHeaders;
  readonly session: Session | undefined;
  /** Reads the body; `too-large` and a body that was cut off are told apart. */
  readonly body: () => Promise<Uint8Array<ArrayBuffer> | 'too-large' | 'cut-off'>;
  readonly contentType: string | null;
  /** Whether a write is plainly from our own page. */
  readonly fromOwnPage: boolean;
}

/** Brings what may pass before Canvas, in the name of the session's user. */
export function createForward(deps: ForwardDeps): (incoming: Incoming) => Promise<Response> {
  const { sessions, ledger, clock } = deps;

  /** Why the gateway will not even look further; undefined when it will. */
  function objection({
    method,
    session,
    sender,
    fromOwnPage,
    contentType,
  }: Incoming): GatewayReason | undefined {
    if (method !== 'GET' && !fromOwnPage) return 'csrf';
    if (session === undefined) return 'sign-in';
    if (sender.account !== undefined && sender.account !== session.user.id) return 'sign-in';
    if (method !== 'GET' && !/^application\/json\b/i.test(contentType ?? '')) return 'not-allowed';
    return undefined;
  }

  function ask(
    incoming: Incoming,
    session: Session,
    signal: AbortSignal,
    body?: Uint8Array<ArrayBuffer>,
  ): Promise<ForwardEnd> {
    const { method, call, own } = incoming;
    const { pictures } = deps;
    const asked = {
      method,
      target: call.target,
      accessToken: session.accessToken,
      canvasOrigin: deps.canvasOriginFor(own),
      own,
      ...(pictures === undefined ? {} : { rewrite: (text: string) => pictures.rewrite(call.route, text) }),
    };
    return askCanvas(deps, body === undefined ? asked : { ...asked, body }, signal);
  }

  /** Reads, and the one write that is safe to repeat: with a fresh token, and once more if Canvas calls it expired. */
  async function repeatable(incoming: Incoming, given: Session): Promise<Response> {
    const { sender, own, method } = incoming;
    if (sender.installation !== undefined && sender.epoch !== undefined) {
      const { installation, epoch } = sender;
      await ledger.hear({ account: given.user.id, installation, epoch });
    }
    const body = method === 'GET' ? undefined : await incoming.body();
    if (body === 'cut-off' || body === 'too-large') return refusal(body === 'cut-off' ? 'not-allowed' : body);
    let session = given;
    for (let tries = 2; ; tries -= 1) {
      const fresh = await sessions.fresh(session, deps.canvasOriginFor(own));
      if (fresh.kind === 'ended') return refusal('sign-in');
      if (fresh.kind === 'unreachable') return refusal('no-connection');
      session = fresh.session;
      const asking = session;
      const end = await withinTimeout<ForwardEnd>({
        clock,
        limitMs: gatewayTimeoutMs,
        work: (signal) => ask(incoming, asking, signal, body),
        late: () => ({ kind: 'no-answer', why: 'late' }),
      });
      if (wantsNewToken(end)) {
        session = await sessions.distrust(session);
        if (tries > 1) continue;
      }
      if (end.kind === 'answer') return canvasAnswer(end.answer);
      return end.kind === 'no-connection'
        ? refusal('no-connection')
        : refusal('no-answer', 'unknown', end.why);
    }
  }

  /**
   * A POST of results. Everything that can be refused is refused before the ledger records the attempt; after that
   * it goes to Canvas once. A 401 from Canvas is handed on and not tried again with a new token, safe as that would
   * be: "at most once" then holds for whoever reads the code, too. Tokens are renewed two minutes before they
   * expire, so this is rare; the token is distrusted, and the client's next attempt goes out with a new one.
   */
  async function results(incoming: Incoming): Promise<Response> {
    const { sender, call } = incoming;
    const { attempt: id, installation, epoch, stamp } = sender;
    const refuse = async (reason: GatewayReason) =>
      id === undefined
        ? refusal(reason)
        : attemptAnswer(await ledger.refuse({ id, account: incoming.session?.user.id ?? '', stamp }, reason));

    const against = objection(incoming);
    if (against !== undefined || incoming.session === undefined) return refuse(against ?? 'sign-in');
    // Without these nothing can be told apart, so nothing is forwarded.
    if (id === undefined || installation === undefined || epoch === undefined) return refuse('stamp');
    const body = await incoming.body();
    // The rest of the body may still come with another copy of this request, so its id is not barred.
    if (body === 'cut-off') return refusal('no-answer', 'unknown');
    if (body === 'too-large') return refuse('too-large');
    const fresh = await sessions.fresh(incoming.session, deps.canvasOriginFor(incoming.own));
    if (fresh.kind === 'ended') return refuse('sign-in');
    if (fresh.kind === 'unreachable') return refuse('no-connection');
    const { session } = fresh;
    const fingerprint = digest(call.target, '\n', body);
    const sent = { id, installation, epoch, stamp, fingerprint, account: session.user.id };
    const end = await ledger.send(sent, async (signal) => {
      const ended = await ask(incoming, session, signal, body);
      if (wantsNewToken(ended)) await sessions.distrust(session);
      return ended;
    });
    return attemptAnswer(end);
  }

  return async (incoming) => {
    if (incoming.call.kind === 'results') return results(incoming);
    const against = objection(incoming);
    if (against !== undefined || incoming.session === undefined) return refusal(against ?? 'sign-in');
    return repeatable(incoming, incoming.session);
  };
}

/** Canvas's "log in again" (canvas-contract §3.1); without `WWW-Authenticate` a 401 means "no right". */
function wantsNewToken(end: ForwardEnd): boolean {
  return (
    end.kind === 'answer' &&
    end.answer.status === 401 &&
    end.answer.headers.some(([name]) => name === 'www-authenticate')
  );
}
