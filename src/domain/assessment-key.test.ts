import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from '#testing/any-text.ts';
import { dayOfKey, maxTextLength, outcomeKey, outcomeOfKey, titleKey } from './assessment-key.ts';
import type { Day } from './day.ts';
import type { AssessmentKey, OutcomeId } from './ids.ts';

const day = '2014-05-27' as Day;
const key = (text: string) => text as AssessmentKey;

describe('the key of an outcome', () => {
  test('is the documented example', () => {
    expect(outcomeKey(day, '52' as OutcomeId)).toBe('2014-05-27,outcome_52');
  });

  test('tells its day and outcome back, also beyond 2^53', () => {
    const huge = outcomeKey(day, '10000000000012345678' as OutcomeId);
    expect(outcomeOfKey(huge)).toBe('10000000000012345678');
    expect(dayOfKey(huge)).toBe(day);
  });

  test('is not read out of keys that others made', () => {
    for (const other of [
      '2014-05-27-Outcome-52',
      '2014-05-27,outcome_',
      '2014-05-27,outcome_052',
      'x,outcome_5',
    ]) {
      expect(outcomeOfKey(key(other))).toBeUndefined();
    }
    for (const other of ['2014-05-27', '2014-02-30,outcome_1', ',', '']) {
      expect(dayOfKey(key(other))).toBeUndefined();
    }
  });
});

describe('the key of a free title', () => {
  test('is readable, and the same whatever the case and the spacing', () => {
    expect(titleKey(day, 'Times tables')).toMatch(/^2014-05-27,title_times-tables-[0-9a-z]{13}$/);
    expect(titleKey(day, '  TIMES\u00a0 tables\n')).toBe(titleKey(day, 'Times tables'));
  });

  test('is the same however accents are put together', () => {
    expect(titleKey(day, 'Re\u0301sume\u0301')).toBe(titleKey(day, 'R\u00e9sum\u00e9'));
  });

  test('tells titles apart that look alike as slugs', () => {
    const titles = ['Résumé', 'Resume', 'Resume!', 'قراءة', 'كتابة', '阅读', '✓', '✗'];
    expect(new Set(titles.map((title) => titleKey(day, title))).size).toBe(titles.length);
  });

  test('fits Canvas and is plain ASCII without a comma, whatever was typed', () => {
    fc.assert(
      fc.property(anyText(600), (title) => {
        const made = titleKey(day, title);
        expect(made.length).toBeLessThanOrEqual(maxTextLength);
        expect(made).toMatch(/^2014-05-27,title_([a-z0-9-]+-)?[0-9a-z]{13}$/);
        expect(dayOfKey(made)).toBe(day);
        expect(outcomeOfKey(made)).toBeUndefined();
      }),
    );
  });
});
