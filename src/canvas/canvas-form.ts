/*
 * What an error body looks like when Canvas wrote it (canvas-contract §1.4, §1.5, §8.9). Only the form is
 * judged here: texts are translated on the server, so none is matched but the rate limiter's own.
 */

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(json: unknown): Fields | undefined {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Fields) : undefined;
}

/** @returns undefined for anything that is not JSON; older Canvas put `while(1);` before some answers (§3.5) */
export function parseJson(text: string): { readonly json: unknown } | undefined {
  try {
    return { json: JSON.parse(text.startsWith('while(1);') ? text.slice(9) : text) as unknown };
  } catch {
    return undefined;
  }
}

/** True for a JSON object with `errors`, `message` or `status`: the last paragraph of sync protocol §10. */
export function isCanvasForm(json: unknown): boolean {
  const fields = fieldsOf(json);
  return fields !== undefined && ['errors', 'message', 'status'].some((name) => Object.hasOwn(fields, name));
}

/** True for the list of field errors that a validation answers with: `{"errors":[{"field":"title",…}]}`. */
export function hasFieldErrors(json: unknown): boolean {
  const errors: unknown = fieldsOf(json)?.['errors'];
  if (Array.isArray(errors)) {
    return errors.length > 0 && errors.every((error) => typeof fieldsOf(error)?.['field'] === 'string');
  }
  const byField = fieldsOf(errors);
  return byField !== undefined && Object.keys(byField).length > 0;
}

/** True for the rate limiter's answer, which is plain text and never JSON (§4). */
export function isThrottleText(contentType: string | null, text: string): boolean {
  return !isHtml(contentType, text) && parseJson(text) === undefined && /rate limit exceeded/i.test(text);
}

/** True for a web page, by its label or, where that lies, by its first character. */
export function isHtml(contentType: string | null, text: string): boolean {
  return /\bx?html\b/i.test(contentType ?? '') || text.trimStart().startsWith('<');
}

const longestReason = 300;

/** Canvas's own words for a refusal, to be shown; empty when it gave none. */
export function reasonOf(json: unknown): string {
  return wordsOf(json, 4).slice(0, longestReason);
}

/** The first text found under `message`, else `errors`, else in any entry; a field error without text says its code. */
function wordsOf(value: unknown, depth: number): string {
  if (typeof value === 'string') return value;
  if (depth === 0 || typeof value !== 'object' || value === null) return '';
  if (Array.isArray(value)) return firstWords(value, depth);
  const { message, errors, field, error_code: code } = value as Fields;
  if (typeof message === 'string') return message;
  if (typeof field === 'string') return [field, code].filter((part) => typeof part === 'string').join(': ');
  return errors === undefined ? firstWords(Object.values(value), depth) : wordsOf(errors, depth - 1);
}

function firstWords(values: readonly unknown[], depth: number): string {
  for (const value of values.slice(0, 20)) {
    const words = wordsOf(value, depth - 1);
    if (words !== '') return words;
  }
  return '';
}
