import { request as httpRequest, type Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type Agent as HttpsAgent } from 'node:https';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { TooLargeBodyError } from './read-text.ts';
import { LateAnswerError, NoConnectionError, type ReadUpstream } from './upstream.ts';

const unpacked = promisify(gunzip);

/** Reads over kept connections. One that closes just as a read leaves is no harm: reads may be repeated. */
export function createNetworkRead(options: {
  readonly origin: string;
  readonly agent: HttpAgent | HttpsAgent;
  readonly secure: boolean;
}): ReadUpstream {
  const { hostname, port } = new URL(options.origin);
  const send = options.secure ? httpsRequest : httpRequest;
  // An IPv6 address stands in brackets in a URL and without them in a socket's options.
  const host = hostname.replace(/^\[|\]$/g, '');
  const fixed = { host, method: 'GET', agent: options.agent, ...(port === '' ? {} : { port }) };
  const hostHeader = new URL(options.origin).host;

  return (question) =>
    new Promise((resolve, reject) => {
      const outgoing = send({
        ...fixed,
        path: question.target,
        headers: { host: hostHeader, 'accept-encoding': 'gzip', ...question.headers },
      });
      let isConnected = false;
      let isLate = false;
      const late = setTimeout(() => {
        isLate = true;
        outgoing.destroy(new LateAnswerError());
      }, question.limitMs);
      const end = (settle: () => void) => {
        clearTimeout(late);
        settle();
      };
      outgoing.once('socket', (socket) => {
        if (outgoing.reusedSocket || !socket.connecting) isConnected = true;
        else socket.once(options.secure ? 'secureConnect' : 'connect', () => (isConnected = true));
      });
      outgoing.once('error', (error) =>
        end(() => reject(isConnected ? error : new NoConnectionError('no connection', { cause: error }))),
      );
      outgoing.once('response', (message) => {
        readWhole(message, question.largest).then(
          (body) => end(() => resolve(toAnswer(message, body))),
          (error: unknown) => {
            outgoing.destroy();
            end(() => reject(isLate || !(error instanceof Error) ? new LateAnswerError() : error));
          },
        );
      });
      outgoing.end();
    });
}

function toAnswer(message: IncomingMessage, body: Buffer) {
  const { headers, statusCode = 502 } = message;
  return {
    status: statusCode < 200 ? 502 : statusCode,
    header: (name: string) => {
      const value = headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    body,
  };
}

/** @throws TooLargeBodyError beyond the limit, packed or unpacked */
async function readWhole(message: IncomingMessage, largest: number): Promise<Buffer> {
  const body = await new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on('data', (chunk: Buffer) => {
      size += chunk.byteLength;
      chunks.push(chunk);
      if (size > largest) reject(new TooLargeBodyError(`body over ${largest} bytes`));
    });
    message.once('end', () =>
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
    );
    message.once('error', reject);
    message.once('aborted', () => reject(new Error('cut off')));
  });
  if (message.headers['content-encoding'] !== 'gzip') return body;
  return unpacked(body, { maxOutputLength: largest }).catch((error: unknown) => {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      ? new TooLargeBodyError(`body over ${largest} bytes`)
      : error;
  });
}
