import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnRange, gridGap, layOutGrid } from './grid-layout.ts';

/* The grid's inner room on a tablet of 1024 × 768: less two bars (56 and 64 px) and 8 px around. */
const landscape = { width: 1008, height: 632, rem: 16 };
const portrait = { width: 752, height: 888, rem: 16 };

describe('layOutGrid', () => {
  it('shows 36 students on a tablet held wide without scrolling', () => {
    expect(layOutGrid({ ...landscape, count: 36 })).toMatchObject({
      columns: 6,
      rowHeight: 100,
      scrolls: false,
    });
  });

  it('shows 36 students also when a status bar takes 24 px', () => {
    expect(layOutGrid({ ...landscape, height: 608, count: 36 }).scrolls).toBe(false);
  });

  it('shows 24 and 28 students on a tablet held tall without scrolling', () => {
    expect(layOutGrid({ ...portrait, count: 24 })).toMatchObject({ columns: 4, scrolls: false });
    expect(layOutGrid({ ...portrait, count: 28 })).toMatchObject({ columns: 4, scrolls: false });
  });

  it('scrolls a hall class in tiles of a comfortable size', () => {
    expect(layOutGrid({ ...landscape, count: 63 })).toMatchObject({
      columns: 6,
      rowHeight: 104,
      scrolls: true,
    });
  });

  it('does not blow three students up to fill the screen', () => {
    expect(layOutGrid({ ...landscape, count: 3 }).rowHeight).toBeLessThanOrEqual(176);
  });

  it('puts three students side by side', () => {
    expect(layOutGrid({ ...landscape, count: 3 }).columns).toBe(3);
  });

  it('keeps the size of the tiles while a filter shows a few of the class', () => {
    const whole = layOutGrid({ ...landscape, count: 63 });
    expect(layOutGrid({ ...landscape, count: 63, shown: 4 })).toEqual({ ...whole, scrolls: false });
    expect(layOutGrid({ ...landscape, count: 63, shown: 60 }).scrolls).toBe(true);
  });

  it('gives words beside the glyphs when the tiles are wide', () => {
    expect(layOutGrid({ ...landscape, count: 12 }).showsWords).toBe(true);
    expect(layOutGrid({ ...landscape, count: 36 }).showsWords).toBe(false);
  });

  it('goes down to one column at 400 % text or zoom', () => {
    expect(layOutGrid({ width: 240, height: 140, rem: 16, count: 28 }).columns).toBe(1);
  });

  it('keeps the number of columns the teacher chose', () => {
    expect(layOutGrid({ ...landscape, count: 24, columns: 4 })).toMatchObject({ columns: 4, scrolls: false });
    expect(layOutGrid({ ...landscape, count: 36, columns: 4 })).toMatchObject({ columns: 4, scrolls: true });
  });

  it('never makes a tile too small for two targets of 44 px, whatever was chosen', () => {
    fc.assert(
      fc.property(
        fc.record({
          width: fc.integer({ min: 101, max: 2600 }),
          height: fc.integer({ min: 60, max: 2000 }),
          count: fc.integer({ min: 0, max: 1000 }),
          columns: fc.option(fc.integer({ min: 1, max: 12 })),
        }),
        ({ columns, ...room }) => {
          const layout = layOutGrid({ ...room, rem: 16, ...(columns !== null && { columns }) });
          expect((room.width - (layout.columns - 1) * gridGap) / layout.columns).toBeGreaterThanOrEqual(101);
          expect(layout.rowHeight).toBeGreaterThanOrEqual(96);
        },
      ),
    );
  });

  it('says that it scrolls exactly when the rows are higher than the room', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 100, max: 2000 }), (count, height) => {
        const layout = layOutGrid({ width: 1008, height, count, rem: 16 });
        const rows = Math.ceil(count / layout.columns);
        const needs = rows * layout.rowHeight + (rows - 1) * gridGap;
        expect(needs > height).toBe(layout.scrolls);
      }),
    );
  });
});

describe('a small text size', () => {
  it('leaves the targets as high as fingers need them', () => {
    const small = { width: 1008, height: 632, rem: 10 };
    expect(layOutGrid({ ...small, count: 40 }).rowHeight).toBeGreaterThanOrEqual(96);
    expect(layOutGrid({ ...small, count: 300 }).rowHeight).toBeGreaterThanOrEqual(96);
    expect(layOutGrid({ ...small, count: 40, isList: true }).rowHeight).toBeGreaterThanOrEqual(52);
  });
});

describe('columnRange', () => {
  it('offers four to eight columns where targets stay large enough', () => {
    expect(columnRange(1008)).toEqual({ least: 4, most: 8 });
    expect(columnRange(752)).toEqual({ least: 4, most: 7 });
    expect(columnRange(300)).toEqual({ least: 2, most: 2 });
  });
});
