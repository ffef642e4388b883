import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayIn, isDay } from './day.ts';

const at = (text: string, zone: string | null) => dayIn(Date.parse(text), zone);

describe('the day of an instant', () => {
  test('is the course’s, not UTC’s, on both sides of the date line', () => {
    const instant = '2026-11-23T10:30:00Z';
    expect(at(instant, 'UTC')).toBe('2026-11-23');
    expect(at(instant, 'Pacific/Kiritimati')).toBe('2026-11-24');
    expect(at(instant, 'Pacific/Pago_Pago')).toBe('2026-11-22');
  });

  test('turns at midnight of zones with half and quarter hours', () => {
    expect(at('2026-11-23T18:14:59Z', 'Asia/Kathmandu')).toBe('2026-11-23');
    expect(at('2026-11-23T18:15:00Z', 'Asia/Kathmandu')).toBe('2026-11-24');
    expect(at('2026-07-01T13:29:59Z', 'Australia/Lord_Howe')).toBe('2026-07-01');
    expect(at('2026-07-01T13:30:00Z', 'Australia/Lord_Howe')).toBe('2026-07-02');
  });

  test('follows summer time: the same UTC hour is another day in summer', () => {
    expect(at('2026-01-15T04:30:00Z', 'America/New_York')).toBe('2026-01-14');
    expect(at('2026-07-15T04:30:00Z', 'America/New_York')).toBe('2026-07-15');
  });

  test('has one name through the hour that is missing and the hour that comes twice', () => {
    // Berlin, 2026-03-29: 01:59 CET is followed by 03:00 CEST.
    expect(at('2026-03-29T00:59:59Z', 'Europe/Berlin')).toBe('2026-03-29');
    expect(at('2026-03-29T01:00:00Z', 'Europe/Berlin')).toBe('2026-03-29');
    // Santiago, 2026-09-06: the clock springs from midnight to one o'clock, the day has no 00:00.
    expect(at('2026-09-06T03:59:59Z', 'America/Santiago')).toBe('2026-09-05');
    expect(at('2026-09-06T04:00:00Z', 'America/Santiago')).toBe('2026-09-06');
    // Azores, 2026-10-25: 01:00 turns back to 00:00 of the same day.
    expect(at('2026-10-25T00:30:00Z', 'Atlantic/Azores')).toBe('2026-10-25');
    expect(at('2026-10-25T01:30:00Z', 'Atlantic/Azores')).toBe('2026-10-25');
  });

  test('skips the day that Samoa skipped', () => {
    expect(at('2011-12-30T09:59:59Z', 'Pacific/Apia')).toBe('2011-12-29');
    expect(at('2011-12-30T10:00:00Z', 'Pacific/Apia')).toBe('2011-12-31');
  });

  test('falls back to the device’s zone when Canvas names none, or one that is not known', () => {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const instant = '2026-11-23T10:30:00Z';
    expect(at(instant, null)).toBe(at(instant, here));
    expect(at(instant, 'Mars/Olympus_Mons')).toBe(at(instant, here));
    expect(at(instant, '')).toBe(at(instant, here));
  });

  test('is in its form for every instant and fixed offset, and agrees with plain arithmetic', () => {
    const zones = fc.integer({ min: -14, max: 12 });
    fc.assert(
      fc.property(zones, fc.integer({ min: -6e13, max: 2.5e14 }), (west, ms) => {
        // POSIX signs: Etc/GMT-14 lies fourteen hours east.
        const zone = west === 0 ? 'Etc/GMT' : `Etc/GMT${west > 0 ? '+' : ''}${west}`;
        const day = dayIn(ms, zone);
        expect(isDay(day)).toBe(true);
        expect(day).toBe(new Date(ms - west * 3_600_000).toISOString().slice(0, 10));
      }),
    );
  });
});

test('tells a day that exists from one that does not', () => {
  expect(isDay('2028-02-29')).toBe(true);
  for (const no of [
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '26-01-01',
    '2026-1-1',
    '',
    '2026-01-01T00:00Z',
  ]) {
    expect(isDay(no)).toBe(false);
  }
});
