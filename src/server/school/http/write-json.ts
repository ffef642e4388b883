/*
 * JSON as Canvas writes it. A 64-bit id is a bigint here: on the wire it is a plain integer, or a string
 * under the keys that the string-ids header names (contract §3.3). JSON.stringify knows neither.
 */

/** What an answer may hold. Absent optional fields are left out, as JSON.stringify does. */
export type Json =
  | (string | number | boolean | null | undefined | bigint)
  | readonly Json[]
  | { readonly [key: string]: Json }
  | WrittenJson;

/** What is JSON already, ids and all: for what comes by the thousand and is always the same but for its values. */
export class WrittenJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** @param stringIds the caller asked for ids as strings */
export function writeJson(value: Json, stringIds: boolean): string {
  return write(value, stringIds, false) ?? 'null';
}

/** @returns undefined for a field that is absent */
function write(value: Json, stringIds: boolean, asId: boolean): string | undefined {
  if (value === undefined) return undefined;
  if (value === null) return 'null';
  if (typeof value === 'string') return writeString(value);
  if (typeof value === 'bigint') return stringIds && asId ? `"${String(value)}"` : String(value);
  if (typeof value === 'number') {
    return stringIds && asId && Number.isInteger(value) ? `"${String(value)}"` : JSON.stringify(value);
  }
  if (typeof value === 'boolean') return String(value);
  if (value instanceof WrittenJson) return value.text;
  if (isList(value)) {
    return `[${value.map((element) => write(element, stringIds, asId) ?? 'null').join(',')}]`;
  }
  let fields = '';
  for (const key of Object.keys(value)) {
    const { heading, isId } = keyOf(key);
    const text = write(value[key], stringIds, isId);
    if (text !== undefined) fields += `${fields === '' ? '' : ','}${heading}${text}`;
  }
  return `{${fields}}`;
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}

/** Answers have a hundred different keys, in thousands of objects. None is taken from a request. */
const keys = new Map<string, { readonly heading: string; readonly isId: boolean }>();

function keyOf(key: string) {
  const known = keys.get(key);
  if (known !== undefined) return known;
  const made = { heading: `${writeString(key)}:`, isId: /(?:^|_)ids?$/i.test(key) };
  keys.set(key, made);
  return made;
}

const escapes: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** `<`, `>` and `&` are escaped as in Canvas (contract §1.7), so that no answer can ever be read as HTML. */
function writeString(text: string): string {
  // Ids, times and most names need none of it.
  if (/^[\w :.,+-]*$/.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (character) => escapes[character] ?? character);
}

/** An id column's decimal string as the integer it is on the wire. */
export function idNumber(id: string): bigint;
export function idNumber(id: string | null): bigint | null;
export function idNumber(id: string | null): bigint | null {
  return id === null ? null : BigInt(id);
}
