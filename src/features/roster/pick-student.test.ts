import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pickStudent } from './pick-student.ts';

describe('the fair picker', () => {
  it('picks nobody from nobody', () => {
    expect(pickStudent([{ tries: 0 }].slice(1), 0.5)).toBeUndefined();
  });

  it('always picks one of those there are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ tries: fc.nat({ max: 2000 }) }), { minLength: 1, maxLength: 250 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (candidates, fraction) => {
          expect(candidates).toContain(pickStudent(candidates, fraction));
        },
      ),
    );
  });

  it('gives everybody with the same turns the same chance', () => {
    const candidates = [{ tries: 4 }, { tries: 4 }, { tries: 4 }, { tries: 4 }];
    expect(
      [0, 0.26, 0.51, 0.76].map((fraction) => candidates.indexOf(pickStudent(candidates, fraction)!)),
    ).toEqual([0, 1, 2, 3]);
  });

  it('never prefers somebody who has had more turns', () => {
    fc.assert(
      fc.property(fc.nat({ max: 20 }), fc.integer({ min: 1, max: 20 }), (tries, more) => {
        const candidates = [{ tries }, { tries: tries + more }];
        const share = Array.from({ length: 1000 }, (_, n) => pickStudent(candidates, n / 1000)).filter(
          (picked) => picked === candidates[0],
        ).length;
        expect(share).toBeGreaterThanOrEqual(750);
      }),
    );
  });
});
