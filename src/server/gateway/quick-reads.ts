import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { gatewayTimeoutMs, speakerHeader, stampHeader } from '#canvas/gateway-wire.ts';
import type { NoAnswer } from '#canvas/gateway-wire.ts';
import { allowedCall, type AllowedCall } from './allow-list.ts';
import { refusal } from './answers.ts';
import { headersForCanvas, largestAnswer, passedHeaders, whyNotCanvas } from './ask-canvas.ts';
import { readSenderHeaders, type SenderHeaders } from './attempt-headers.ts';
import type { Ledger } from './attempts/ledger.ts';
import { requestIdHeader, type Observer, type Seen } from './observe.ts';
import { gzipFrom, smallestPacked } from './pack-answer.ts';
import type { PictureAddresses } from './picture-addresses.ts';
import { TooLargeBodyError } from './read-text.ts';
import { rewriteBody, rewriteLink } from './rewrite.ts';
import { alwaysHeaders, transportSecurity } from './security-headers.ts';
import { isStale } from './session-tokens.ts';
import type { Session } from './sessions.ts';
import { LateAnswerError, NoConnectionError, type ReadUpstream, type WholeAnswer } from './upstream.ts';

export interface QuickReadsDeps {
  readonly read: ReadUpstream;
  readonly canvasOrigin: string;
  readonly userAgent: string;
  readonly ownOriginOf: (url: URL) => string | undefined;
  readonly session: (cookies: string | undefined, own: string) => Session | undefined;
  readonly ledger: Pick<Ledger, 'hear' | 'stamp'>;
  readonly pictures: Pick<PictureAddresses, 'rewrite'> | undefined;
  readonly observer: Observer;
  readonly addressOf: (incoming: IncomingMessage) => string;
  readonly nowMs: () => number;
  /** The whole gateway, for whatever is not plain. */
  readonly general: (incoming: IncomingMessage, outgoing: ServerResponse) => void;
  readonly track: (work: Promise<unknown>) => void;
}

/** Nothing that needs thought: letters, digits, and the few signs of the app's own queries. */
const plainTarget = /^\/api\/v1\/[\w/]+(?:\?[\w%=&.:~+-]*)?$/;
const fixedHeaders: Readonly<Record<string, string>> = Object.fromEntries(alwaysHeaders);
const packed = promisify(gzip);

/**
 * The short way for what most requests are: a read on the allow-list, by a session that was looked up a moment ago,
 * with a token that lasts. It does what the long way does, on Node's own objects; the same functions decide. All that
 * is in any way unusual goes the long way, and so does a read that Canvas wants a new token for.
 * @returns false when the request must go the long way; then it was not touched
 */
export function createQuickReads(
  deps: QuickReadsDeps,
): (incoming: IncomingMessage, outgoing: ServerResponse) => boolean {
  return (incoming, outgoing) => {
    const asked = plainRead(incoming, deps);
    if (asked === undefined) return false;
    const seen = deps.observer.begin(deps.addressOf(incoming));
    seen.route = asked.call.route;
    deps.track(
      serve(asked, { incoming, outgoing, seen }, deps).catch(() => {
        // Not Canvas's fault, and nothing was written: the long way meets it again and reports it.
        if (outgoing.headersSent) outgoing.destroy();
        else deps.general(incoming, outgoing);
      }),
    );
    return true;
  };
}

interface PlainRead {
  readonly call: AllowedCall;
  readonly own: string;
  readonly session: Session;
  readonly sender: SenderHeaders;
}

function plainRead(incoming: IncomingMessage, deps: QuickReadsDeps): PlainRead | undefined {
  const { method, url = '', headers } = incoming;
  if (method !== 'GET' || !plainTarget.test(url)) return undefined;
  if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined) return undefined;
  const base = `http://${headers.host ?? ''}`;
  if (!URL.canParse(url, base)) return undefined;
  const parsed = new URL(url, base);
  const own = deps.ownOriginOf(parsed);
  const call = own === undefined ? undefined : allowedCall('GET', parsed);
  if (own === undefined || call === undefined) return undefined;
  const session = deps.session(headers.cookie, own);
  if (session === undefined || isStale(session, deps.nowMs())) return undefined;
  const sender = readSenderHeaders({ get: (name) => oneOf(headers[name]) });
  if (sender.account !== undefined && sender.account !== session.user.id) return undefined;
  return { call, own, session, sender };
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly seen: Seen;
}

async function serve(asked: PlainRead, exchange: Exchange, deps: QuickReadsDeps): Promise<void> {
  const { sender, session, call, own } = asked;
  if (sender.installation !== undefined && sender.epoch !== undefined) {
    const { installation, epoch } = sender;
    await deps.ledger.hear({ account: session.user.id, installation, epoch });
  }
  const end = await ask(deps, session.accessToken, call.target);
  if (end.kind === 'answer' && end.answer.status === 401) {
    if (end.answer.header('www-authenticate') !== undefined) {
      deps.general(exchange.incoming, exchange.outgoing);
      return;
    }
  }
  const stamp = await deps.ledger.stamp();
  const headers: Record<string, string> = {
    ...fixedHeaders,
    [stampHeader]: stamp,
    [requestIdHeader]: exchange.seen.id,
  };
  if (own.startsWith('https:')) headers['strict-transport-security'] = transportSecurity;
  if (end.kind !== 'answer') {
    const refused = refusal(
      end.kind === 'no-connection' ? 'no-connection' : 'no-answer',
      end.kind === 'no-connection' ? 'not-sent' : 'unknown',
      end.why,
    );
    for (const [name, value] of refused.headers) headers[name] = value;
    send(exchange, { status: refused.status, headers, body: Buffer.from(await refused.arrayBuffer()) }, deps);
    return;
  }
  const { answer } = end;
  headers['cache-control'] = 'no-store';
  headers[speakerHeader] = 'canvas';
  for (const name of passedHeaders) {
    const value = answer.header(name);
    if (value !== undefined)
      headers[name] = name === 'link' ? rewriteLink(value, deps.canvasOrigin, own) : value;
  }
  let body = rewritten(answer.body, asked, deps);
  if (
    body.byteLength >= smallestPacked &&
    gzipFrom(exchange.incoming.headers['accept-encoding'], headers['content-type'])
  ) {
    body = await packed(body);
    headers['content-encoding'] = 'gzip';
    headers['vary'] = 'accept-encoding';
  }
  send(exchange, { status: answer.status, headers, body }, deps);
}

type ReadEnd =
  | { readonly kind: 'answer'; readonly answer: WholeAnswer; readonly why?: undefined }
  | { readonly kind: 'no-connection'; readonly why?: undefined }
  | { readonly kind: 'no-answer'; readonly why: NoAnswer };

async function ask(deps: QuickReadsDeps, accessToken: string, target: string): Promise<ReadEnd> {
  try {
    const headers = headersForCanvas(accessToken, deps.userAgent);
    const answer = await deps.read({ target, headers, largest: largestAnswer, limitMs: gatewayTimeoutMs });
    const type = answer.header('content-type') ?? null;
    const why = whyNotCanvas(answer.status, type, () => Buffer.from(answer.body).toString('utf8'));
    return why === undefined ? { kind: 'answer', answer } : { kind: 'no-answer', why };
  } catch (error) {
    if (error instanceof NoConnectionError) return { kind: 'no-connection' };
    if (error instanceof TooLargeBodyError) return { kind: 'no-answer', why: 'too-large' };
    return { kind: 'no-answer', why: error instanceof LateAnswerError ? 'late' : 'cut-off' };
  }
}

function rewritten(body: Uint8Array, { call, own }: PlainRead, deps: QuickReadsDeps): Buffer {
  const { canvasOrigin, pictures } = deps;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (!bytes.includes(`${canvasOrigin}/api/v1/`) && !bytes.includes('"avatar_url"')) return bytes;
  const text = rewriteBody(bytes.toString('utf8'), canvasOrigin, own);
  return Buffer.from(pictures?.rewrite(call.route, text) ?? text);
}

function send(
  { incoming, outgoing, seen }: Exchange,
  answer: { readonly status: number; readonly headers: Record<string, string>; readonly body: Buffer },
  deps: QuickReadsDeps,
): void {
  const { status, headers, body } = answer;
  const empty = status === 204 || status === 205;
  if (!empty) headers['content-length'] = String(body.byteLength);
  outgoing.writeHead(status, headers);
  outgoing.end(empty ? undefined : body);
  deps.observer.tell(seen, { method: incoming.method ?? '', status, header: (name) => headers[name] });
}

function oneOf(value: string | string[] | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
