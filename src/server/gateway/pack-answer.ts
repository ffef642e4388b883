import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** Below this, packing costs more than it saves. */
export const smallestPacked = 1400;

const packed = promisify(gzip);

/** Whether this browser takes this answer compressed. */
export function gzipFrom(
  acceptEncoding: string | null | undefined,
  contentType: string | null | undefined,
): boolean {
  return (
    /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(acceptEncoding ?? '') && /\bjson\b/i.test(contentType ?? '')
  );
}

/** A long JSON answer, compressed if the browser takes that: a roster shrinks to a tenth, and school Wi-Fi is slow. */
export async function packAnswer(response: Response, request: Request): Promise<Response> {
  const isWanted = gzipFrom(request.headers.get('accept-encoding'), response.headers.get('content-type'));
  if (!isWanted || response.headers.has('content-encoding')) return response;
  const bytes = new Uint8Array(await response.arrayBuffer());
  const { status } = response;
  const headers = new Headers(response.headers);
  if (bytes.byteLength < smallestPacked) return new Response(bytes, { status, headers });
  headers.set('content-encoding', 'gzip');
  headers.append('vary', 'accept-encoding');
  return new Response(new Uint8Array(await packed(bytes)), { status, headers });
}
