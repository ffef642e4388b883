import { describe, expect, test } from 'vitest';
import { compareMarks, type SchoolRow } from './compare.ts';
import type { ScreenTap } from './screen-ledger.ts';

const nine = Date.UTC(2026, 10, 23, 9);

function tap(atMs: number, changes: Partial<ScreenTap> = {}): ScreenTap {
  return { n: 1, lane: '/a', student: '101', passed: true, saved: true, atMs: nine + atMs, ...changes };
}

function row(second: number, changes: Partial<SchoolRow> = {}): SchoolRow {
  const id = String(1000 + second);
  return { id, lane: '/a', student: '101', passed: true, secondMs: nine + second * 1000, ...changes };
}

const nothing = { lost: [], doubled: [], unexplained: [] };

describe('the screen and the school', () => {
  test('agree when each saved tap has a row of its own', () => {
    const taps = [tap(400), tap(900, { student: '102', passed: false }), tap(7_000)];
    const rows = [row(0), row(0, { student: '102', passed: false }), row(7)];
    expect(compareMarks(taps, rows)).toEqual(nothing);
  });

  test('agree about a tap that was killed before it was called saved, whatever became of it', () => {
    expect(compareMarks([tap(0, { saved: false })], [])).toEqual(nothing);
    expect(compareMarks([tap(0, { saved: false })], [row(0)])).toEqual(nothing);
  });

  test('agree when a second tap gave way to the next second', () => {
    expect(compareMarks([tap(100), tap(300), tap(600)], [row(0), row(1), row(2)])).toEqual(nothing);
  });

  test('disagree when a saved mark has no row, also if another has one to spare', () => {
    const taps = [tap(0), tap(60_000), tap(120_000, { saved: false })];
    expect(compareMarks(taps, [row(0), row(120)]).lost).toEqual([taps[1]]);
  });

  test.each([
    ['value', { passed: false }],
    ['student', { student: '102' }],
    ['class', { lane: '/b' }],
    ['second', { secondMs: nine + 3_000 }],
  ])('disagree about a row with another %s', (_what, changes) => {
    const [mark, other] = [tap(0), row(0, changes)];
    expect(compareMarks([mark], [other])).toEqual({ lost: [mark], doubled: [], unexplained: [other] });
  });

  test('disagree about a row that came twice', () => {
    const rows = [row(0), row(0, { id: '2' })];
    expect(compareMarks([tap(0)], rows)).toEqual({ lost: [], doubled: [rows[1]], unexplained: [rows[1]] });
    // Also where another tap of the same moment could explain it: one device never gives the same second twice.
    expect(compareMarks([tap(0), tap(500)], rows).doubled).toEqual([rows[1]]);
  });
});
