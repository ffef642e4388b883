import { describe, expect, it } from 'vitest';
import { resultsBody } from '#canvas/body.ts';
import type { UserId } from '#domain/ids.ts';
import { buildMark } from '#testing/build-mark.ts';
import { chooseBatch } from './batch-formation.ts';

const mark = (seq: number, student: string) => ({ ...buildMark({ student: student as UserId }), seq });
const seqs = (marks: readonly { seq: number }[]) => marks.map(({ seq }) => seq);

describe('a batch', () => {
  it('takes the oldest first and keeps a student’s marks together', () => {
    const waiting = [mark(1, '101'), mark(2, '102'), mark(3, '101'), mark(4, '103'), mark(5, '102')];
    expect(seqs(chooseBatch(waiting, { marks: 10 }))).toEqual([1, 3, 2, 5, 4]);
  });

  it('is never larger than the limit, and never needs more than n / limit batches', () => {
    let waiting = Array.from({ length: 200 }, (_, n) => mark(n + 1, String(101 + (n % 23))));
    for (let batches = 0; batches < 2; batches += 1) {
      const chosen = chooseBatch(waiting, { marks: 100 });
      expect(chosen).toHaveLength(100);
      waiting = waiting.filter((one) => !chosen.includes(one));
    }
    expect(waiting).toEqual([]);
  });

  it('keeps the body within its bytes, exactly', () => {
    const waiting = Array.from({ length: 50 }, (_, n) => mark(n + 1, `99999999999999${101 + n}`));
    const bytes = 1_000;
    const chosen = chooseBatch(waiting, { marks: 100, bytes });
    const next = [...chosen, waiting[chosen.length]!].map((one) => ({ ...one, passed: false }));
    expect(resultsBody(chosen).length).toBeLessThanOrEqual(bytes);
    expect(resultsBody(next).length).toBeGreaterThan(bytes);
  });

  it('holds one mark at least, however small the limit', () => {
    expect(chooseBatch([mark(1, '101')], { marks: 1, bytes: 10 })).toHaveLength(1);
    expect(chooseBatch([], { marks: 1 })).toEqual([]);
  });

  it('is sent in the order in which it was chosen', () => {
    const chosen = chooseBatch([mark(1, '101'), mark(2, '102'), mark(3, '101')], { marks: 10 });
    const { results } = JSON.parse(resultsBody(chosen)) as { results: { links: { user: string } }[] };
    expect(results.map((row) => row.links.user)).toEqual(chosen.map((one) => one.student));
  });
});
