import { unreadable } from './refusal.ts';

/*
 * Query strings and form bodies as Rails reads them: `include[]=a`, `results[][links][user]=15`,
 * `results[0][passed]=true` (an object, not a list: contract §1.7).
 */

export type FormValue = string | FormValue[] | FormObject;
export interface FormObject {
  [key: string]: FormValue;
}

/** As in Rack: deeper nesting than this has no use but harm. */
const MAX_DEPTH = 32;
const MAX_FIELDS = 100_000;

/** @throws Refusal 400 when two fields contradict each other (`a=1&a[b]=2`) or there is no end to them */
export function nestForm(fields: Iterable<readonly [string, string]>): FormObject {
  const root = emptyForm();
  let count = 0;
  for (const [name, value] of fields) {
    count += 1;
    if (count > MAX_FIELDS) throw unreadable('There are too many parameters.');
    place(root, name, value);
  }
  return root;
}

/** Without a prototype, so that a field called `__proto__` is a field like any other. */
function emptyForm(): FormObject {
  return Object.create(null) as FormObject;
}

function place(root: FormObject, name: string, value: string): void {
  const [first, ...rest] = keysOf(name);
  if (first === undefined || first === '') return;
  let form = root;
  let key = first;
  for (let at = 0; at < rest.length; at += 1) {
    const next = rest[at] ?? '';
    if (next !== '') {
      form = objectAt(form, key);
      key = next;
      continue;
    }
    const list = listAt(form, key);
    const inner = rest[at + 1];
    if (inner === undefined || inner === '') {
      list.push(value);
      return;
    }
    form = openElement(list, rest.slice(at + 1));
    key = inner;
    at += 1;
  }
  form[key] = value;
}

function keysOf(name: string): string[] {
  const root = /^[^[]*/.exec(name)?.[0] ?? '';
  const keys = [
    root,
    ...Array.from(name.slice(root.length).matchAll(/\[([^\]]*)\]/g), (match) => match[1] ?? ''),
  ];
  if (keys.length > MAX_DEPTH) throw unreadable('The parameters are nested too deep.');
  return keys;
}

function objectAt(form: FormObject, key: string): FormObject {
  const known = (form[key] ??= emptyForm());
  if (typeof known === 'string' || Array.isArray(known)) throw contradiction();
  return known;
}

function listAt(form: FormObject, key: string): FormValue[] {
  const known = (form[key] ??= []);
  if (!Array.isArray(known)) throw contradiction();
  return known;
}

/** `a[][x]=1&a[][y]=2&a[][x]=3` makes two elements: the second begins where a key comes again. */
function openElement(list: FormValue[], path: readonly string[]): FormObject {
  const last = list.at(-1);
  if (last !== undefined && (typeof last === 'string' || Array.isArray(last))) throw contradiction();
  if (last !== undefined && !hasPath(last, path)) return last;
  const element = emptyForm();
  list.push(element);
  return element;
}

function hasPath(form: FormObject, path: readonly string[]): boolean {
  let value: FormValue = form;
  for (const key of path) {
    if (key === '' || typeof value === 'string' || Array.isArray(value)) return false;
    const next: FormValue | undefined = value[key];
    if (next === undefined) return false;
    value = next;
  }
  return true;
}

function contradiction() {
  return unreadable('The parameters contradict each other.');
}
