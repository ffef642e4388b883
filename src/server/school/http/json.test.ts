import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJson } from './read-json.ts';
import { idNumber, writeJson, WrittenJson } from './write-json.ts';

test('reads what JSON.parse reads, whatever long integer stands before it', () => {
  const short = fc.json().filter((text) => !/\d{16}/.test(text.replace(/"(?:[^"\\]|\\.)*"/g, '')));
  fc.assert(
    fc.property(short, fc.constantFrom('', ' ', '\n'), (text, space) => {
      expect(readJson(`[12345678901234567,${space}${text}]`)).toEqual([
        '12345678901234567',
        JSON.parse(text),
      ]);
    }),
  );
});

test('keeps every digit of a long integer, wherever it stands', () => {
  const long = '12345678901234567890';
  const text = `[${long},{"a":-${long}}, ${long} ]`;
  expect(readJson(text)).toEqual([long, { a: `-${long}` }, long]);
});

test('leaves fractions, exponents and texts alone', () => {
  const text = '[0.12345678901234567,1e16,1.5E+16,"\\"12345678901234567\\\\",12345]';
  expect(readJson(text)).toEqual(JSON.parse(text));
});

test.each([
  '12345678901234567 1',
  '{"a":12345678901234567',
  '"12345678901234567',
  '012345678901234567',
  '[1,]',
])('still refuses what is broken: %s', (text) => {
  expect(() => readJson(text)).toThrow(SyntaxError);
});

test('writes what JSON.parse reads back, without <, > and &', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = writeJson(value, false);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(text).not.toMatch(/[<>&\u2028\u2029]/);
    }),
  );
});

test('§3.3 turns integers into strings under id, *_id, ids and *_ids, at any depth, and nowhere else', () => {
  const body = {
    id: idNumber('9007199254740993'),
    user_id: 7,
    ID: 8,
    user_ids: [1, idNumber('2')],
    ids: [3],
    identity: 4,
    valid: 5,
    count: 6,
    list: [{ parent_id: 9, outcome_id: null, part_id: 1.5, name_id: 'x' }],
  };
  expect(JSON.parse(writeJson(body, true))).toEqual({
    id: '9007199254740993',
    user_id: '7',
    ID: '8',
    user_ids: ['1', '2'],
    ids: ['3'],
    identity: 4,
    valid: 5,
    count: 6,
    list: [{ parent_id: '9', outcome_id: null, part_id: 1.5, name_id: 'x' }],
  });
  expect(writeJson(body, false)).toContain('"id":9007199254740993,"user_id":7');
});

test('what is JSON already goes into an answer as it is', () => {
  expect(writeJson({ ids: [new WrittenJson('{"id":"7"}'), 8] }, true)).toBe('{"ids":[{"id":"7"},"8"]}');
});
