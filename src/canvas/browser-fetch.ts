import type { WireFetch } from './answer.ts';
import { BodyTooLargeError, maxBodySize } from './exchange.ts';

/**
 * The browser's fetch as the sync protocol wants it (§8.5): nothing followed, nothing cached, nothing repeated,
 * our own cookies only, and no body read beyond `maxBodySize`. The call is made before this returns.
 */
export const browserFetch: WireFetch = async (url, request) => {
  // Node's types for RequestInit, which check this file too, lack `cache`.
  const init: RequestInit & { cache: 'no-store' } = {
    ...request,
    redirect: 'manual',
    cache: 'no-store',
    credentials: 'same-origin',
  };
  const response = await fetch(url, init);
  return {
    status: response.status,
    type: response.type,
    headers: response.headers,
    text: () => readText(response.body),
  };
};

async function readText(body: ReadableStream<Uint8Array> | null): Promise<string> {
  if (body === null) return '';
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let size = 0;
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > maxBodySize) {
      await reader.cancel().catch(() => undefined);
      throw new BodyTooLargeError('body too large');
    }
    text += decoder.decode(value, { stream: true });
  }
}
