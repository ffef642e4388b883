import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResultRow } from '#canvas/results-api.ts';
import type { AssessmentId, ResultId, UserId } from '#domain/ids.ts';
import { createSeededRandom } from '#testing/seeded-random.ts';
import { backoffMs } from './backoff.ts';
import { addClockSample, clockOffsetOf, type ClockSample } from './clock-offset.ts';
import { isFresh } from './fresh.ts';
import { judgePass, type ReadPass } from './read-completeness.ts';
import { indexRows, matchRows, repeatedRows } from './row-matching.ts';
import { splitBatch } from './split.ts';

const users = (...ids: number[]) => ids.map((id) => ({ student: String(id) as UserId }));
const rows = (...ids: number[]): ResultRow[] =>
  ids.map((id) => ({
    id: String(id) as ResultId,
    passed: true,
    assessedAt: '2026-11-23T09:00:00Z',
    student: '101' as UserId,
    assessor: '7' as UserId,
    assessment: '5' as AssessmentId,
  }));

describe('a pass over pages', () => {
  const pass = (...pages: { rows: ResultRow[]; count?: number }[]): ReadPass => ({
    pages: pages.map((page) => ({ paged: true, ...page })),
    ended: true,
  });

  it('is complete when the distinct ids equal the stated count on the first and last page', () => {
    expect(judgePass(pass({ rows: rows(1, 2), count: 3 }, { rows: rows(3), count: 3 }))).toBe('complete');
    expect(judgePass(pass({ rows: [], count: 0 }))).toBe('complete');
  });

  it('is incomplete when rows shifted between pages, or the count changed', () => {
    expect(judgePass(pass({ rows: rows(1, 2), count: 4 }, { rows: rows(2, 3), count: 4 }))).toBe(
      'incomplete',
    );
    expect(judgePass(pass({ rows: rows(1, 2), count: 3 }, { rows: rows(3), count: 4 }))).toBe('incomplete');
  });

  it('is incomplete when a next page is left', () => {
    expect(judgePass({ pages: [{ rows: rows(1), count: 1, paged: true }], ended: false })).toBe('incomplete');
    expect(judgePass({ pages: [], ended: true })).toBe('incomplete');
  });

  it('is incomplete when a page does not say how the list goes on: every list of Canvas does', () => {
    expect(judgePass({ pages: [{ rows: [], paged: false }], ended: true })).toBe('incomplete');
    expect(judgePass({ pages: [{ rows: [], paged: true }], ended: true })).toBe('complete');
  });

  it('without a count is complete as one page, or as two passes in a row with the same ids', () => {
    const two = pass({ rows: rows(1, 2) }, { rows: rows(3) });
    expect(judgePass(pass({ rows: rows(1, 2) }))).toBe('complete');
    expect(judgePass(two)).toBe('once-more');
    expect(judgePass(two, new Set(['1', '2', '3'] as ResultId[]))).toBe('complete');
    expect(judgePass(two, new Set(['1', '2', '4'] as ResultId[]))).toBe('once-more');
  });

  it('with a count on one page only takes a second pass, and never a count that is wrong', () => {
    expect(judgePass(pass({ rows: rows(1, 2), count: 3 }, { rows: rows(3) }))).toBe('once-more');
    expect(judgePass(pass({ rows: rows(1, 2), count: 9 }, { rows: rows(3) }))).toBe('incomplete');
  });
});

describe('matching', () => {
  const ours = { assessment: '5' as AssessmentId, assessor: '7' as UserId };
  const mark = {
    seq: 1,
    student: '101' as UserId,
    passed: true,
    assessedAt: '2026-11-23T09:00:00Z' as never,
  };

  it('goes by key, whatever the offset of the time', () => {
    const [row] = rows(9);
    const index = indexRows([{ ...row!, assessedAt: '2026-11-23T11:00:00.000+02:00' }], ours);
    expect(matchRows([mark], index)).toEqual(new Map([[1, '9']]));
  });

  it('gives one row to one mark, and names what is surplus', () => {
    const index = indexRows(rows(9, 10), ours);
    expect(matchRows([mark], index).size).toBe(1);
    expect(repeatedRows(index)).toMatchObject([{ ids: ['9', '10'] }]);
    expect(repeatedRows(indexRows(rows(9, 9), ours))).toEqual([]);
  });

  it('leaves out what another assessor, assessment or fraction of a second wrote', () => {
    const [row] = rows(9);
    const others = [
      { ...row!, assessor: '8' as UserId },
      { ...row!, assessment: '6' as AssessmentId },
      { ...row!, assessedAt: '2026-11-23T09:00:00.250Z' },
    ];
    expect(indexRows(others, ours).size).toBe(0);
  });
});

describe('a split', () => {
  it('halves what is on the roster and keeps the order', () => {
    const marks = users(1, 2, 3, 4, 5);
    expect(splitBatch(marks).map((part) => part.map((mark) => mark.student))).toEqual([
      ['1', '2', '3'],
      ['4', '5'],
    ]);
  });

  it('puts marks of students who have left into batches of one', () => {
    const parts = splitBatch(users(1, 2, 3, 4), new Set(['1', '3', '4'] as UserId[]));
    expect(parts.map((part) => part.map((mark) => mark.student))).toEqual([['2'], ['1', '3'], ['4']]);
  });

  it('always makes smaller parts, and none of them empty', () => {
    for (const roster of [undefined, new Set<UserId>(), new Set(['1'] as UserId[])]) {
      for (const parts of [splitBatch(users(1, 2), roster), splitBatch(users(1, 2, 3), roster)]) {
        expect(parts.length).toBeGreaterThan(1);
        expect(parts.every((part) => part.length > 0)).toBe(true);
      }
    }
  });
});

describe('back-off', () => {
  it('doubles its ceiling from 2 s to 5 min, with full jitter', () => {
    const most = { uuid: () => '', fraction: () => 0.999999 };
    const ceilings = [1, 2, 3, 8, 9, 50].map((n) => Math.round(backoffMs(n, most) / 1000));
    expect(ceilings).toEqual([2, 4, 8, 256, 300, 300]);
    expect(backoffMs(9, { uuid: () => '', fraction: () => 0 })).toBe(0);
  });

  it('is never shorter than Retry-After', () => {
    const random = createSeededRandom(1);
    for (let n = 1; n < 20; n += 1) expect(backoffMs(1, random, 30_000)).toBeGreaterThanOrEqual(30_000);
  });
});

describe('the clock’s offset', () => {
  const at = (wallMs: number, monotonicMs: number) => ({ wallMs, monotonicMs });

  it('is the median of the last five answers that came within 5 s', () => {
    let samples: readonly ClockSample[] = [];
    for (const serverDateMs of [1_000, 90_000, 2_000, 3_000, 2_500, 2_600])
      samples = addClockSample(samples, { serverDateMs, roundTripMs: 0 }, at(0, 0));
    expect(clockOffsetOf(samples)).toBe(3_100);
    expect(addClockSample(samples, { serverDateMs: 9e9, roundTripMs: 5_000 }, at(0, 0))).toBe(samples);
    expect(addClockSample(samples, { roundTripMs: 1 }, at(0, 0))).toBe(samples);
    expect(clockOffsetOf([])).toBeUndefined();
  });

  it('leaves a clock alone that may be right: a late answer and a cut second say nothing against it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ sent: fc.nat(1e9), there: fc.nat(4_999), back: fc.nat(4_999) }), {
          minLength: 1,
        }),
        (answers) => {
          let samples: readonly ClockSample[] = [];
          for (const { sent, there, back } of answers) {
            const serverDateMs = Math.floor((sent + there) / 1000) * 1000;
            const received = sent + there + back;
            const answer = { serverDateMs, roundTripMs: there + back };
            samples = addClockSample(samples, answer, at(received, received));
          }
          expect(clockOffsetOf(samples) ?? 0).toBe(0);
        },
      ),
    );
  });

  it('forgets what it learnt before somebody set the device’s clock', () => {
    let samples: readonly ClockSample[] = [];
    for (let n = 0; n < 5; n += 1)
      samples = addClockSample(samples, { serverDateMs: n * 1000, roundTripMs: 0 }, at(n * 1000, n * 1000));
    samples = addClockSample(samples, { serverDateMs: 5_000, roundTripMs: 0 }, at(3_605_000, 5_000));
    expect(clockOffsetOf(samples)).toBe(-3_600_000 + 500);
  });
});

describe('a fresh batch', () => {
  const mark = { seq: 5, student: '101' as UserId, attempted: false, origin: 'here' as const };
  const cover = { epoch: 3, students: new Set(['101'] as UserId[]), throughSeq: 9 };
  const stamp = { value: 's', atMs: 1_000 };
  const now = { epoch: 3, monotonicMs: 2_000 };

  it('is one whose marks are new, made here, covered, and answered for within 10 s', () => {
    expect(isFresh([mark], { cover, stamp }, now)).toBe(true);
  });

  it('takes a mark made after the covering read began for covered', () => {
    expect(isFresh([{ ...mark, seq: 10, student: '999' as UserId }], { cover, stamp }, now)).toBe(true);
  });

  it.each([
    ['(a) an attempt carried one of them', [{ ...mark, attempted: true }], { cover, stamp }, now],
    ['(b) one came from a rescue file', [{ ...mark, origin: 'rescue-file' as const }], { cover, stamp }, now],
    ['(c) the read left a student out', [{ ...mark, student: '102' as UserId }], { cover, stamp }, now],
    ['(c) the read was of an older epoch', [mark], { cover, stamp }, { ...now, epoch: 4 }],
    ['(c) there was no read', [mark], { cover: undefined, stamp }, now],
    ['(d) the stamp is too old', [mark], { cover, stamp }, { ...now, monotonicMs: 11_001 }],
    ['(d) there is no gateway', [mark], { cover, stamp: undefined }, now],
  ])('is not one when %s', (_clause, marks, basis, at) => {
    expect(isFresh(marks, basis, at)).toBe(false);
  });
});
