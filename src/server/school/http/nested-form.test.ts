import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { nestForm } from './nested-form.ts';
import { Refusal } from './refusal.ts';

function nest(query: string): unknown {
  return JSON.parse(JSON.stringify(nestForm(new URLSearchParams(query))));
}

test.each([
  ['a=1&b=2', { a: '1', b: '2' }],
  ['a=1&a=2', { a: '2' }],
  ['a[]=1&a[]=2', { a: ['1', '2'] }],
  ['a[b]=1&a[c]=2', { a: { b: '1', c: '2' } }],
  ['a[0][b]=1&a[1][b]=2', { a: { 0: { b: '1' }, 1: { b: '2' } } }],
  ['a[][b]=1&a[][c]=2&a[][b]=3', { a: [{ b: '1', c: '2' }, { b: '3' }] }],
  ['a[][l][u]=1&a[][p]=2&a[][l][u]=3', { a: [{ l: { u: '1' }, p: '2' }, { l: { u: '3' } }] }],
  ['a[][b][]=1&a[][b][]=2', { a: [{ b: ['1', '2'] }] }],
  ['a%5B%5D=1', { a: ['1'] }],
  ['=1&[]=2&[x]=3', {}],
  ['a[b=1', { a: '1' }],
])('reads %s', (query, form) => {
  expect(nest(query)).toEqual(form);
});

test.each(['a=1&a[]=2', 'a=1&a[b]=2', 'a[]=1&a[b]=2', 'a[b]=1&a[]=2', 'a[]=1&a[][b]=2'])(
  'refuses %s',
  (query) => {
    expect(() => nest(query)).toThrow(Refusal);
  },
);

test('reads or refuses anything, and never touches a prototype', () => {
  const key = fc.stringMatching(/^[a-c_]{0,3}(\[[a-c_]{0,3}\]){0,4}$/);
  const odd = fc.constantFrom(
    '__proto__',
    '__proto__[x]',
    'constructor[prototype][x]',
    'a[__proto__][x]',
    'a[][__proto__]',
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.oneof(key, odd), fc.string({ maxLength: 3 })), { maxLength: 8 }),
      (fields) => {
        try {
          nestForm(fields);
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
        }
        expect(({} as Record<string, unknown>)['x']).toBeUndefined();
      },
    ),
  );
});
