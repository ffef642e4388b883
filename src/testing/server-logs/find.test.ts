import { expect, test } from 'vitest';
import { createLogger } from '#server/log.ts';
import { findSecrets } from './find.ts';

const known = {
  secrets: [
    { kind: 'token', value: 'access-secret-1' },
    { kind: 'session secret', value: 'three plain words' },
  ],
  names: ['Miriam Aalto', 'Aalto', 'Ó Sé', '王伟', 'Danielle'],
};

const ordinary =
  '{"time":"2026-11-23T08:00:00.000Z","level":"info","event":"request","id":"0b1e7d1c-5f0c-4f0a-9a51-3c8f4d1f2a3b",' +
  '"method":"POST","route":"/api/v1/courses/:course/live_assessments/:assessment/results","status":504,"ms":3.1,' +
  '"speaker":"gateway","outcome":"unknown","reason":"no-answer","canvas":"0b1e7d1c-5f0c-4f0a-9a51-3c8f4d1f2a3c"}';

test('an ordinary log is clean', () => {
  const log = `Tapmark is ready at http://127.0.0.1:8080, as https://marks.example to the world\n${ordinary}\n`;
  expect(findSecrets(log, known)).toEqual([]);
});

test.each([
  ['a token that was seen', 'access-secret-1', 'token'],
  ['a secret in plain words', 'three plain words', 'session secret'],
  ['a name', 'Miriam Aalto', 'a name'],
  ['a family name', 'what Aalto did', 'a name'],
  ['a name of two short words', 'Ó Sé', 'a name'],
  ['a name in another script', '王伟', 'a name'],
  ['a token nobody has seen before', `1000~${'Ab3'.repeat(20)}`, 'something like a key'],
  ['a session’s cookie', 'q'.repeat(43), 'something like a key'],
  ['the header of a token', 'authorization: Bearer x', 'a bearer token'],
  ['an answer of the token endpoint', '{"access_token":"x"}', 'a field that holds a secret'],
  ['the way back from a sign-in', '/tapmark/sign-in/return?code=x', 'a query with a code or a state'],
  ['a cookie line', 'cookie: a=b', 'a cookie'],
  ['an address', 'teacher@willow-lane.example', 'an e-mail address'],
  ['a body of marks', '{"results":[{"passed":true}]}', 'a mark'],
])('%s is found, and where', (_what, planted, kind) => {
  const log = `${ordinary}\n${ordinary.replace('"POST"', JSON.stringify(planted))}\n${ordinary}\n`;
  const place = { kind, line: 2 };
  const plain = `${ordinary}\n${planted}\n`;
  expect(findSecrets(plain, known)).toContainEqual(place);
  // A quote is escaped within a line of JSON; what has none is found there too.
  if (!planted.includes('"')) expect(findSecrets(log, known)).toContainEqual(place);
});

test('part of another word is no name', () => {
  expect(findSecrets('Aaltonen Danielles', known)).toEqual([]);
});

test('a name in an error that nobody foresaw is found as it is logged', () => {
  const lines: string[] = [];
  const log = createLogger({ level: 'info', write: (line) => lines.push(line) });
  log.report(new Error('no row for Miriam Aalto'));
  expect(findSecrets(lines.join(''), known)).toEqual([{ kind: 'a name', line: 1 }]);
});
