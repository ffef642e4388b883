import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from '#testing/any-text.ts';
import { maxTextLength } from './assessment-key.ts';
import { outcomeTitle, sendableTitle } from './assessment-title.ts';
import type { Day } from './day.ts';

const day = '2026-11-23' as Day;

describe('a title for Canvas', () => {
  test('has no comma with a space after it, where Canvas would cut it', () => {
    expect(sendableTitle('Reading, aloud,  fluently')).toBe('Reading; aloud; fluently');
    expect(sendableTitle('1,000 words,')).toBe('1,000 words;');
    expect(outcomeTitle(day, 'Fractions, halves')).toBe('Fractions; halves (2026-11-23)');
    expect(outcomeTitle(day, 'Fractions,')).toBe('Fractions; (2026-11-23)');
  });

  test('of 300 characters is cut with a sign, and keeps its day', () => {
    const long = 'x'.repeat(300);
    expect(sendableTitle(long)).toBe('x'.repeat(254) + '…');
    const dated = outcomeTitle(day, long);
    expect(dated).toHaveLength(maxTextLength);
    expect(dated.endsWith('… (2026-11-23)')).toBe(true);
  });

  test('of 255 characters is left alone', () => {
    expect(sendableTitle('é'.repeat(255))).toBe('é'.repeat(255));
  });

  test('is never cut through an emoji or between a letter and its marks', () => {
    const family = '👩‍👧‍👦';
    const cut = sendableTitle('x'.repeat(maxTextLength - 6) + family + family);
    expect(cut).toBe('x'.repeat(maxTextLength - 6) + '…');
    const marked = sendableTitle('x'.repeat(maxTextLength - 2) + 'q\u0323\u0307' + 'y');
    expect(marked).toBe('x'.repeat(maxTextLength - 2) + '…');
  });

  test('of nothing readable is empty', () => {
    expect(sendableTitle(' \u202e\u0000\n\u200b ')).toBe('');
  });

  test('is well formed, short enough and without a cutting comma, whatever was typed', () => {
    const unit = fc.oneof(fc.constantFrom(',', ' ', '\u200d', '\u0301', '😀', '\ud83d'), anyText(3));
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 400 }), (units) => {
        for (const title of [sendableTitle(units.join('')), outcomeTitle(day, units.join(''))]) {
          expect(title.length).toBeLessThanOrEqual(maxTextLength);
          expect(title).not.toContain(', ');
          expect(title).not.toMatch(/\p{Cs}|\p{Cc}/u);
        }
      }),
    );
  });
});
