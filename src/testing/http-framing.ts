/* As much of HTTP/1.1 as a proxy needs to know where one message ends and the next begins. */

export interface HttpMessage {
  /** First line: `POST /api/v1/… HTTP/1.1` or `HTTP/1.1 200 OK`. */
  readonly start: string;
  /** In order, as they came. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** As on the wire, so chunk sizes and all when it is chunked. */
  readonly body: Buffer;
  /** How many bytes of the buffer it took. */
  readonly length: number;
  /** False when only the end of the connection ends the body. */
  readonly selfFramed: boolean;
}

export function header(message: Pick<HttpMessage, 'headers'>, name: string): string | undefined {
  return message.headers.find(([key]) => key.toLowerCase() === name)?.[1];
}

/**
 * The first whole message in `buffer`; undefined while there is less than one.
 * @param options.bodyless an answer to HEAD: it has headers only, whatever they say
 * @param options.ended nothing more will come, so an answer without a length is whole
 */
export function takeMessage(
  buffer: Buffer,
  options: { bodyless?: boolean; ended?: boolean } = {},
): HttpMessage | undefined {
  const end = buffer.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [start = '', ...lines] = buffer.subarray(0, end).toString('latin1').split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const;
  });
  const from = end + 4;
  const answer = start.startsWith('HTTP/');
  const whole = (bodyEnd: number, selfFramed = true): HttpMessage => ({
    start,
    headers,
    body: buffer.subarray(from, bodyEnd),
    length: bodyEnd,
    selfFramed,
  });
  if (options.bodyless === true || (answer && / (1\d\d|204|304)( |$)/.test(start))) return whole(from);
  if (header({ headers }, 'transfer-encoding')?.toLowerCase() === 'chunked') {
    const bodyEnd = endOfChunks(buffer, from);
    return bodyEnd === undefined ? undefined : whole(bodyEnd);
  }
  const length = header({ headers }, 'content-length');
  if (length !== undefined) {
    return buffer.length < from + Number(length) ? undefined : whole(from + Number(length));
  }
  if (!answer) return whole(from);
  return options.ended === true ? whole(buffer.length, false) : undefined;
}

function endOfChunks(buffer: Buffer, start: number): number | undefined {
  let at = start;
  for (;;) {
    const lineEnd = buffer.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(buffer.subarray(at, lineEnd).toString('latin1'), 16);
    const next = lineEnd + 2 + size + 2;
    if (Number.isNaN(size) || buffer.length < next) return undefined;
    if (size === 0) return next;
    at = next;
  }
}

/** The bytes of a message, with some headers set (a string), or taken away (null). Names in lower case. */
export function writeMessage(
  message: HttpMessage,
  changes: Readonly<Record<string, string | null>> = {},
): Buffer {
  const kept = message.headers.filter(([name]) => !(name.toLowerCase() in changes));
  const added = Object.entries(changes).filter((entry): entry is [string, string] => entry[1] !== null);
  const lines = [...kept, ...added].map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${message.start}\r\n${lines.join('')}\r\n`, 'latin1'), message.body]);
}
