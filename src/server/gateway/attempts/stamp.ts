/*
 * Stamps (sync protocol §13 duty 4): opaque to the client, `1.<memory>.<server time, base 36>.<seal>`. The seal is
 * a keyed digest of the rest, so a stamp that reads well was written by this gateway or another instance of it.
 */

/** A keyed digest of `text`, in characters that need no quoting in a header (HMAC-SHA-256 in the gateway). */
export type Seal = (text: string) => string | Promise<string>;

export interface Stamp {
  readonly memory: string;
  /** Server time, ms, of the answer that bore it. */
  readonly atMs: number;
}

export async function writeStamp(stamp: Stamp, seal: Seal): Promise<string> {
  const content = `1.${stamp.memory}.${stamp.atMs.toString(36)}`;
  return `${content}.${await seal(content)}`;
}

/** @returns undefined for anything that this gateway did not write */
export async function readStamp(text: string | undefined, seal: Seal): Promise<Stamp | undefined> {
  const parts = /^(1\.([\w-]{1,64})\.([0-9a-z]{1,11}))\.([\w-]{1,128})$/.exec(text ?? '');
  const [, content, memory, at, given] = parts ?? [];
  if (content === undefined || memory === undefined || at === undefined || given === undefined)
    return undefined;
  if (!equalInConstantTime(given, await seal(content))) return undefined;
  return { memory, atMs: Number.parseInt(at, 36) };
}

/** Compares without telling by its duration how much was right. */
function equalInConstantTime(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i % Math.max(b.length, 1));
  return difference === 0;
}
