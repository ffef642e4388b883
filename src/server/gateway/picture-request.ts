import { request as httpRequest, Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { request as httpsRequest, Agent as HttpsAgent } from 'node:https';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { TooLargeBodyError } from './read-text.ts';
import { LateAnswerError } from './upstream.ts';

/** What a host said when it was asked for a picture. */
export interface PictureAnswer {
  readonly status: number;
  readonly type: string;
  readonly location: string | undefined;
  /** Empty unless the status is 200. */
  readonly body: Buffer;
}

/**
 * Asks one host for one picture. It goes to one of `addresses`, whatever the name leads to by then.
 * @throws LateAnswerError, TooLargeBodyError, or whatever kept the answer away
 */
export type RequestPicture = (url: URL, addresses: readonly LookupAddress[]) => Promise<PictureAnswer>;

export interface PictureRequests {
  readonly request: RequestPicture;
  /** Closes idle connections. */
  close(): void;
}

/** What Canvas keeps of a picture is far smaller; a photo as a camera made it is not fit for a tile. */
export const largestPicture = 1024 * 1024;
const limitMs = 10_000;

/** Bare requests: no cookie, no token, no referrer, to whomever. */
export function createPictureRequests(options: {
  readonly userAgent: string;
  /** From the request to the end of its answer, ms. */
  readonly limitMs?: number;
}): PictureRequests {
  // A class is asked for at once; hosts need not notice.
  const agents = { keepAlive: true, maxSockets: 8, maxTotalSockets: 32, timeout: limitMs };
  const [plain, secure] = [new HttpAgent(agents), new HttpsAgent(agents)];
  const headers = { 'user-agent': options.userAgent, accept: 'image/*', 'accept-encoding': 'identity' };

  return {
    request: (url, addresses) =>
      new Promise((resolve, reject) => {
        const isSecure = url.protocol === 'https:';
        const send = isSecure ? httpsRequest : httpRequest;
        const agent = isSecure ? secure : plain;
        const asking = send(url, { headers, agent, lookup: always(addresses) });
        let isLate = false;
        const late = setTimeout(() => {
          isLate = true;
          asking.destroy(new LateAnswerError());
        }, options.limitMs ?? limitMs);
        const end = (settle: () => void) => {
          clearTimeout(late);
          settle();
        };
        asking.on('error', (error) => end(() => reject(error)));
        asking.once('response', (message) => {
          read(message).then(
            (answer) => end(() => resolve(answer)),
            (error: unknown) => {
              asking.destroy();
              end(() => reject(isLate || !(error instanceof Error) ? new LateAnswerError() : error));
            },
          );
        });
        asking.end();
      }),
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

async function read(message: IncomingMessage): Promise<PictureAnswer> {
  const { statusCode = 0, headers } = message;
  const answer = { status: statusCode, type: headers['content-type'] ?? '', location: headers.location };
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop early closes the connection: of a redirect's page nothing is read.
  for await (const chunk of message as AsyncIterable<Buffer>) {
    if (statusCode !== 200) break;
    size += chunk.byteLength;
    if (size > largestPicture) throw new TooLargeBodyError(`picture over ${largestPicture} bytes`);
    chunks.push(chunk);
  }
  return { ...answer, body: Buffer.concat(chunks) };
}

/** The name was looked up and looked at; a second look-up could lead elsewhere. */
function always(addresses: readonly LookupAddress[]): LookupFunction {
  return (_host, options, done) => {
    const [first] = addresses;
    if (options.all === true) done(null, [...addresses]);
    else done(null, first?.address ?? '', first?.family);
  };
}
