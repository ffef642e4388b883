import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rowsToMount } from './row-window.ts';

it('mounts a class of 63 whole', () => {
  expect(
    rowsToMount({ count: 63, columns: 6, rowHeight: 104, scrollTop: 200, height: 632, spareRows: 3 }),
  ).toEqual({
    first: 0,
    end: 11,
  });
});

it('mounts of a large class only what is near, and always all that is in view', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 101, max: 2000 }),
      fc.integer({ min: 1, max: 8 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom(0, 3),
      (count, columns, down, spareRows) => {
        const [rowHeight, height] = [104, 632];
        const rows = Math.ceil(count / columns);
        const scrollTop = down * Math.max(0, rows * 110 - 6 - height);
        const { first, end } = rowsToMount({ count, columns, rowHeight, scrollTop, height, spareRows });
        expect(first * 110).toBeLessThanOrEqual(scrollTop);
        expect(Math.min(end, rows) * 110).toBeGreaterThanOrEqual(Math.min(scrollTop + height, rows * 110));
        expect((end - first) * columns).toBeLessThanOrEqual(8 * 14);
      },
    ),
  );
});

it('stays the same while a swipe moves within a few rows', () => {
  const at = (scrollTop: number) =>
    rowsToMount({ count: 1000, columns: 6, rowHeight: 104, scrollTop, height: 632, spareRows: 3 });
  expect(at(3300)).toEqual(at(3519));
  expect(at(3300)).not.toEqual(at(3520));
});
