/** The body is larger than we are ready to hold. */
export class TooLargeBodyError extends Error {
  override readonly name = 'TooLargeBodyError';
}

/**
 * Reads a body to its end.
 * @param limit bytes; reading stops beyond it
 * @throws TooLargeBodyError, or whatever cut the body off
 */
export async function readBytes(
  body: ReadableStream<Uint8Array> | null,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop early cancels the stream.
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > limit) throw new TooLargeBodyError(`body over ${limit} bytes`);
    chunks.push(chunk);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

/** As `readBytes`, as text in UTF-8. */
export async function readText(body: ReadableStream<Uint8Array> | null, limit: number): Promise<string> {
  return new TextDecoder().decode(await readBytes(body, limit));
}
