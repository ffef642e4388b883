import { expect, test } from 'vitest';
import type { SetUpFinding } from '#canvas/gateway-wire.ts';
import { lineOf, summaryWords, tabletClockLine } from './words.ts';

const points = [
  'reach',
  'clock',
  'courses',
  'students',
  'sections',
  'outcomes',
  'create',
  'align',
  'list',
  'post',
  'mastery',
] as const satisfies readonly SetUpFinding['point'][];
const reasons = [
  'no-right',
  'no-scope',
  'signed-out',
  'no-connection',
  'late',
  'cut-off',
  'page',
  'strange',
  'too-large',
  'redirect',
  'missing',
  'throttled',
  'clock',
] as const satisfies readonly SetUpFinding['why'][];

test('every line that is wrong says what is so and whom to ask, in words of a teacher', () => {
  for (const point of points) {
    for (const why of reasons) {
      const line = lineOf({ point, state: 'wrong', why });
      expect(line.said).toMatch(/^[A-Z].*\.$/);
      expect(line.ask).toMatch(/[Aa]sk|[Tt]ry again|[Cc]heck again|[Ss]ign in/);
      expect(`${line.said}${line.ask ?? ''}`).not.toMatch(/undefined|HTTP|payload|\b[45]\d\d\b/);
    }
  }
});

test('what is in order asks nobody for anything', () => {
  for (const point of points) expect(lineOf({ point, state: 'ok' }).ask).toBeUndefined();
  expect(lineOf({ point: 'post', state: 'unknown', why: 'none' }).ask).toBeUndefined();
  expect(lineOf({ point: 'outcomes', state: 'wrong', why: 'none' }).ask).toMatch(/Add outcomes/);
});

test('the device’s clock is right to the minute, or says which way it is wrong', () => {
  const at = Date.UTC(2026, 10, 23, 10);
  expect(tabletClockLine(at + 29_000, at).state).toBe('ok');
  expect(tabletClockLine(at + 60_000, at).said).toBe('It is a minute fast. Marks would bear a wrong time.');
  expect(tabletClockLine(at - 420_000, at).said).toMatch(/7 minutes slow/);
  expect(tabletClockLine(at, undefined).state).toBe('unknown');
});

test('counts what needs somebody', () => {
  const wrong = lineOf({ point: 'post', state: 'wrong', why: 'no-right' });
  const fine = lineOf({ point: 'post', state: 'ok' });
  expect(summaryWords([fine])).toMatch(/Nothing stands in the way/);
  expect(summaryWords([fine, wrong])).toBe('1 thing needs somebody.');
  expect(summaryWords([wrong, wrong])).toBe('2 things need somebody.');
});
