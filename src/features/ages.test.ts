import { describe, expect, it } from 'vitest';
import { readAtWords } from './ages.ts';

const now = new Date(2026, 10, 23, 14, 0).getTime();

describe('the age of what is shown', () => {
  it('is the time of day today', () => {
    expect(readAtWords(new Date(2026, 10, 23, 10, 42).getTime(), now, 'en-GB')).toBe('10:42');
  });

  it('has the day of the week within the week', () => {
    expect(readAtWords(new Date(2026, 10, 22, 10, 42).getTime(), now, 'en-GB')).toBe('Sun 10:42');
    expect(readAtWords(new Date(2026, 10, 17, 10, 1).getTime(), now, 'en-GB')).toBe('Tue 10:01');
  });

  it('is a date beyond that, with the year where it is another', () => {
    expect(readAtWords(new Date(2026, 10, 16, 23, 59).getTime(), now, 'en-GB')).toBe('16 Nov');
    expect(readAtWords(new Date(2025, 10, 16).getTime(), now, 'en-GB')).toBe('16 Nov 2025');
  });

  it('says only the time when the clock was set back since', () => {
    expect(readAtWords(new Date(2026, 10, 23, 18, 5).getTime(), now, 'en-GB')).toBe('18:05');
  });
});
