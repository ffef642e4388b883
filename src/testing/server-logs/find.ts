import type { Secret } from './keep.ts';

/** A place in a log where something stands that must not. */
export interface Found {
  readonly kind: string;
  /** Counted from 1. */
  readonly line: number;
}

/** What never stands in a line, whatever its value is. */
const shapes: readonly (readonly [kind: string, shape: RegExp])[] = [
  ['a bearer token', /\bBearer\s+\S/i],
  ['a field that holds a secret', /\b(access_token|refresh_token|client_secret|code_verifier)\b/],
  ['a query with a code or a state', /[?&](code|state)=/],
  ['a cookie', /\b(set-)?cookie["']?\s*[:=]/i],
  ['an e-mail address', /[\w.+-]+@[\w-]+\.\w/],
  ['a mark', /"(passed|results|assessed_at)"/],
];
/** As long as the shortest key of ours. Identifiers of requests are as long, and told apart by their form. */
const keyLike = /[\w+=~-]{32,}/g;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Searches one log. @param names of people: found as whole words @returns one for each line and kind, in order of lines
 */
export function findSecrets(
  log: string,
  known: { readonly secrets: readonly Secret[]; readonly names: readonly string[] },
): Found[] {
  const found: Found[] = [];
  const name = new RegExp(`(?<![\\p{L}\\p{M}])(${known.names.map(quoted).join('|')})(?![\\p{L}\\p{M}])`, 'u');
  for (const [at, text] of log.split('\n').entries()) {
    const kinds = new Set<string>();
    for (const [kind, shape] of shapes) if (shape.test(text)) kinds.add(kind);
    for (const [word] of text.matchAll(keyLike)) if (!uuid.test(word)) kinds.add('something like a key');
    for (const { kind, value } of known.secrets) if (text.includes(value)) kinds.add(kind);
    if (known.names.length > 0 && name.test(text)) kinds.add('a name');
    found.push(...[...kinds].map((kind) => ({ kind, line: at + 1 })));
  }
  return found;
}

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
