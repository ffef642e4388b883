/**
 * 64 bits of a text as 13 characters of base 36: FNV-1a over its UTF-8 bytes. For telling texts apart on every
 * device alike; nothing secret may rest on it.
 */
export function shortHash(text: string): string {
  const prime = 0x100000001b3n;
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * prime);
  return hash.toString(36).padStart(13, '0');
}
