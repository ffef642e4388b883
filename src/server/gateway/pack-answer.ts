import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** Below this, packing costs more than it saves. */
const smallestPacked = 1400;

const packed = promisify(gzip);

/** A long JSON answer, compressed if the browser takes that: a roster shrinks to a tenth, and school Wi-Fi is slow. */
export async function packAnswer(response: Response, request: Request): Promise<Response> {
  const accepts = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(request.headers.get('accept-encoding') ?? '');
  const isJson = /\bjson\b/i.test(response.headers.get('content-type') ?? '');
  if (!accepts || !isJson || response.headers.has('content-encoding')) return response;
  const bytes = new Uint8Array(await response.arrayBuffer());
  const { status } = response;
  const headers = new Headers(response.headers);
  if (bytes.byteLength < smallestPacked) return new Response(bytes, { status, headers });
  headers.set('content-encoding', 'gzip');
  headers.append('vary', 'accept-encoding');
  return new Response(new Uint8Array(await packed(bytes)), { status, headers });
}
