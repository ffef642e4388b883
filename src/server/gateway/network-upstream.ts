import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { readBytes } from './read-text.ts';
import { createNetworkRead } from './network-read.ts';
import { NoConnectionError, type ReadUpstream, type Upstream } from './upstream.ts';

export interface NetworkUpstream {
  readonly ask: Upstream;
  readonly read: ReadUpstream;
  /** Closes idle connections. */
  close(): void;
}

/** A connection that does not come about within this time does not come about. */
const connectTimeoutMs = 10_000;
const largestRequest = 8 * 1024 * 1024;

/**
 * A Canvas over the network. Not the platform's `fetch`: that one hides whether a connection came about, which
 * decides between "not sent" and "unknown" (sync protocol §13 duty 5). Writes have a connection of their own: a kept
 * one may be closed by the other side just as the request leaves, which would leave every such attempt in doubt.
 * @param origin Canvas's; requests to anywhere else are refused
 */
export function createNetworkUpstream(origin: string): NetworkUpstream {
  const secure = origin.startsWith('https:');
  const options = { keepAlive: true, maxSockets: 64, keepAliveMsecs: 5_000 };
  const kept = secure ? new HttpsAgent(options) : new HttpAgent(options);
  const send = secure ? httpsRequest : httpRequest;

  return {
    async ask(request) {
      const url = new URL(request.url);
      if (url.origin !== origin) throw new NoConnectionError('not the address of Canvas');
      const body = request.body === null ? undefined : await readBytes(request.body, largestRequest);
      const { message, release } = await new Promise<{ message: IncomingMessage; release: () => void }>(
        (resolve, reject) => {
          let connected = false;
          const outgoing = send(url, {
            method: request.method,
            headers: {
              ...Object.fromEntries(request.headers),
              'accept-encoding': 'gzip',
              ...(body === undefined ? {} : { 'content-length': String(body.byteLength) }),
            },
            agent: request.method === 'GET' ? kept : false,
          });
          const abort = () => outgoing.destroy(new Error('given up'));
          const release = () => request.signal.removeEventListener('abort', abort);
          const late = setTimeout(
            () => outgoing.destroy(new Error('no connection in time')),
            connectTimeoutMs,
          );
          const fail = (error: Error) => {
            clearTimeout(late);
            release();
            reject(connected ? error : new NoConnectionError('no connection', { cause: error }));
          };
          outgoing.once('socket', (socket) => {
            const settled = () => {
              connected = true;
              clearTimeout(late);
            };
            // A socket that is used again is connected already and says nothing any more.
            if (outgoing.reusedSocket) settled();
            else socket.once(secure ? 'secureConnect' : 'connect', settled);
          });
          outgoing.once('error', fail);
          outgoing.once('response', (message) => resolve({ message, release }));
          if (request.signal.aborted) abort();
          else request.signal.addEventListener('abort', abort);
          outgoing.end(body);
        },
      );
      message.once('close', release);
      return toResponse(message);
    },
    read: createNetworkRead({ origin, agent: kept, secure }),
    close: () => kept.destroy(),
  };
}

function toResponse(message: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    if (name === 'content-encoding' || name === 'content-length' || name === 'transfer-encoding') continue;
    for (const value of values ?? []) headers.append(name, value);
  }
  const packed = message.headers['content-encoding'] === 'gzip';
  const bytes = packed ? pipeline(message, createGunzip(), () => undefined) : message;
  const status = message.statusCode ?? 502;
  const empty = status === 204 || status === 205 || status === 304;
  if (empty) message.resume();
  const body = empty ? null : (Readable.toWeb(bytes) as ReadableStream<Uint8Array>);
  return new Response(body, { status: status < 200 ? 502 : status, headers });
}
