import { expect, it } from 'vitest';
import type { ResultId, UserId } from '#domain/ids.ts';
import { secondOf } from '#domain/instant.ts';
import type { OthersRow } from '#store/others-rows.ts';
import { buildMark } from '#testing/build-mark.ts';
import { lastMarks } from './last-marks.ts';

const mark = (seq: number, second: number) => ({
  ...buildMark({ assessedAt: secondOf(second * 1000) }),
  seq,
});
const row = (id: number, second: number): OthersRow => ({
  id: String(id) as ResultId,
  passed: false,
  atMs: second * 1000,
  assessor: '8' as UserId,
});
const keys = (marks: ReturnType<typeof lastMarks>) => marks.map(({ key }) => key);

it("shows this tablet's marks and other teachers' in the order in which they were given", () => {
  const shown = lastMarks([mark(1, 10), mark(2, 30)], [row(5, 5), row(6, 20), row(7, 40)]);
  expect(keys(shown)).toEqual(['row 5', 'mark 1', 'row 6', 'mark 2', 'row 7']);
  expect(shown[0]).toMatchObject({ author: 'another teacher', where: 'in-canvas', isOthers: true });
  expect(shown[1]).toMatchObject({ author: 'this tablet', isOthers: false });
});

it("shows the same teacher's marks from another tablet, and none twice", () => {
  const mine = (id: number, second: number): OthersRow => ({ ...row(id, second), isMine: true });
  const shown = lastMarks([mark(1, 10)], [mine(5, 10), mine(6, 20)]);
  expect(shown.map(({ key, author }) => [key, author])).toEqual([
    ['mark 1', 'this tablet'],
    ['row 6', 'another tablet'],
  ]);
});

it('leaves own marks in their order when the clock was set back between them', () => {
  expect(keys(lastMarks([mark(1, 30), mark(2, 10)], [row(5, 20)]))).toEqual(['row 5', 'mark 1', 'mark 2']);
});

it('keeps the last twelve', () => {
  const many = Array.from({ length: 20 }, (_, n) => mark(n, n));
  expect(keys(lastMarks(many, [row(5, 50)]))).toEqual([
    ...many.slice(-11).map(({ seq }) => `mark ${seq}`),
    'row 5',
  ]);
});
