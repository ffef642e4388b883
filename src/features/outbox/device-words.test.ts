import { expect, test } from 'vitest';
import { clockWords, spaceLeftWords, unreadableWords, waitingWords } from './device-words.ts';

const minute = 60_000;
const now = new Date(2026, 10, 23, 10, 42).getTime();
const oldest = { heldAt: now - 10 * minute };

test('a clock that is about right is no matter', () => {
  for (const offset of [undefined, 0, 2 * minute, -2 * minute]) expect(clockWords(offset)).toBeUndefined();
});

test('a wrong clock is told with its direction', () => {
  expect(clockWords(3 * minute)).toContain('clock is 3 minutes slow');
  expect(clockWords(-24 * 60 * minute)).toContain('clock is 24 hours fast');
  expect(clockWords(-10 * 24 * 60 * minute)).toContain('clock is 10 days fast');
});

test('a device that is nearly full is told of, one that says nothing is not', () => {
  expect(spaceLeftWords({ persistence: 'granted', usage: 95, quota: 100 })).toContain('hardly any space');
  expect(spaceLeftWords({ persistence: 'granted', usage: 50, quota: 100 })).toBeUndefined();
  expect(spaceLeftWords({ persistence: 'granted' })).toBeUndefined();
});

test('the oldest mark that waits is named, and whether it is safe here', () => {
  expect(waitingWords({ waiting: 0, oldest: undefined }, 'refused', now)).toBeUndefined();
  expect(waitingWords({ waiting: 1, oldest }, 'granted', now)).toMatch(
    /^1 mark waits here, saved .*10:32.*\.$/,
  );
  const words = waitingWords({ waiting: 12, oldest }, 'refused', now);
  expect(words).toMatch(/^12 marks wait here, the oldest saved .*10:32/);
  expect(words).toContain('no promise to keep them');
});

test('tells of marks that this version cannot read, and that they are kept', () => {
  expect(unreadableWords(0)).toBeUndefined();
  expect(unreadableWords(1)).toBe(
    '1 saved mark cannot be read by this version of Tapmark. It is kept on this device, and not sent. A newer version may read it.',
  );
  expect(unreadableWords(2)).toMatch(/^2 saved marks .* They are kept .* read them\.$/);
});
