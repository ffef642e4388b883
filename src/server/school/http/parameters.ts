import { nestForm } from './nested-form.ts';
import { decodeUtf8, readBody } from './read-body.ts';
import { readJson } from './read-json.ts';
import { unreadable } from './refusal.ts';

/** Query and body in one, as Rails' `params`; the body wins. Values are whatever the caller sent. */
export type Parameters = Readonly<Record<string, unknown>>;

/**
 * Reads the parameters of a request. A body of another type than JSON or a form is not looked at.
 * @throws Refusal 400 for broken JSON, a contradictory form or bytes that are no UTF-8; 413
 */
export async function readParameters(request: Request, url: URL): Promise<Parameters> {
  const fromQuery = nestForm(url.search === '' ? [] : url.searchParams);
  if (request.method === 'GET' || request.method === 'HEAD') return fromQuery;
  return Object.assign(fromQuery as Record<string, unknown>, await readBodyParameters(request));
}

async function readBodyParameters(request: Request): Promise<Parameters> {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/json' || type.endsWith('+json')) {
    const text = decodeUtf8(await readBody(request));
    return text.trim() === '' ? {} : objectOf(parse(text));
  }
  if (type === 'application/x-www-form-urlencoded') {
    return nestForm(new URLSearchParams(decodeUtf8(await readBody(request))));
  }
  if (type === 'multipart/form-data') {
    const body = new Response(Buffer.from(await readBody(request)), {
      headers: { 'content-type': request.headers.get('content-type') ?? '' },
    });
    // Deprecated for want of streaming; these bodies are small, and read in full already.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    const form = await body.formData().catch(() => {
      throw unreadable('The form could not be read.');
    });
    return nestForm(textFields(form));
  }
  return {};
}

function* textFields(form: FormData): Iterable<[string, string]> {
  for (const [name, value] of form) {
    if (typeof value === 'string') yield [name, value];
  }
}

function parse(text: string): unknown {
  try {
    return readJson(text);
  } catch {
    throw unreadable('The request body is not valid JSON.');
  }
}

/** A JSON body that is no object has no named parameters. */
function objectOf(value: unknown): Parameters {
  return isObject(value) ? value : {};
}

/** An object with named fields: not null, not a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The ids in a parameter that may be one value or a list (`user_ids[]=1`); what is no id is left out. */
export function idsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(idOf).filter((id) => id !== undefined);
}

/** The texts in a parameter that may be one value or a list (`include[]=a`). */
export function textsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
}

const LARGEST_ID = 9223372036854775807n;

/** A 64-bit id sent as a number or as a string of digits, or undefined when it is none. */
export function idOf(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? String(value) : undefined;
  if (typeof value !== 'string' || !/^\d{1,19}$/.test(value)) return undefined;
  const id = BigInt(value);
  return id <= LARGEST_ID ? String(id) : undefined;
}

/** Blank as Rails means it: absent, false, empty, or nothing but white space. */
export function isBlank(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true;
  if (typeof value === 'string') return value.trim() === '';
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Whether every database can keep this text: no NUL, no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !/\0|\p{Surrogate}/u.test(text);
}
