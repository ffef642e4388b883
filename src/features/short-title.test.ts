import { describe, expect, it } from 'vitest';
import type { AssessmentKey } from '#domain/ids.ts';
import { shortTitle } from './short-title.ts';

const today = '2026-11-23,outcome_1' as AssessmentKey;

describe('the short title of an assessment', () => {
  it('leaves out the day that its key bears', () => {
    expect(shortTitle({ key: today, title: 'Fractions (2026-11-23)' })).toBe('Fractions');
  });

  it('keeps another day, and anything else in brackets', () => {
    expect(shortTitle({ key: today, title: 'Fractions (2026-11-22)' })).toBe('Fractions (2026-11-22)');
    expect(shortTitle({ key: 'other' as AssessmentKey, title: 'Fractions ()' })).toBe('Fractions ()');
  });
});
