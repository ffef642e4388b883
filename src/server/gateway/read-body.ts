import { readBytes, TooLargeBodyError } from './read-text.ts';

/** Ten thousand results, the most Canvas takes at once, fit in. */
const largestBody = 2 * 1024 * 1024;

/** A request's body; one that is too large and one that was cut off are told apart. */
export async function readBody(request: Request): Promise<Uint8Array<ArrayBuffer> | 'too-large' | 'cut-off'> {
  if (Number(request.headers.get('content-length') ?? 0) > largestBody) return 'too-large';
  try {
    return await readBytes(request.body, largestBody);
  } catch (error) {
    return error instanceof TooLargeBodyError ? 'too-large' : 'cut-off';
  }
}
