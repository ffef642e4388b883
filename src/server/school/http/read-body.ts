import { tooLarge, unreadable } from './refusal.ts';

/** Ten thousand results, the most Canvas takes at once, are about 1.5 MB. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/**
 * The whole body, or the refusal of one that is larger than MAX_BODY_BYTES, whatever its headers promise.
 * @throws Refusal 413, or 400 when the body is cut off
 */
export async function readBody(request: Request): Promise<Uint8Array> {
  const promised = request.headers.get('content-length');
  if (Number(promised ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  if (promised !== null) return readPromised(request);
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw unreadable('The request body was cut off.');
    });
    if (done) break;
    size += value.byteLength;
    if (size > MAX_BODY_BYTES) {
      // Not awaited: a sender that never ends would keep us waiting.
      void reader.cancel().catch(() => undefined);
      throw tooLarge();
    }
    chunks.push(value);
  }
  return Buffer.concat(chunks, size);
}

/** HTTP ends a body where its header says: it needs no counting, which takes as long as storing a result. */
async function readPromised(request: Request): Promise<Uint8Array> {
  const bytes = await request.arrayBuffer().catch(() => {
    throw unreadable('The request body was cut off.');
  });
  if (bytes.byteLength > MAX_BODY_BYTES) throw tooLarge();
  return new Uint8Array(bytes);
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** @throws Refusal 400 when the bytes are not UTF-8 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw unreadable('The request body is not UTF-8.');
  }
}
