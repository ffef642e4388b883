import { describe, expect, it } from 'vitest';
import { holdBackChoices } from '#features/hold-back.ts';
import { holdBackWords, spaceWords } from './words.ts';

describe('words of the settings', () => {
  it('name every time that can be chosen', () => {
    expect(holdBackChoices.map(holdBackWords)).toEqual([
      '10 seconds',
      '30 seconds',
      '1 minute',
      '2 minutes',
      '5 minutes',
      'Until the end of the round',
    ]);
  });

  it('say how much space is used, in round figures', () => {
    expect(spaceWords({ persistence: 'granted', usage: 1_234_567, quota: 3_000_000_000 })).toBe(
      '1.2 MB of 3.0 GB in use',
    );
    expect(spaceWords({ persistence: 'granted', usage: 999, quota: 45_000_000_000 })).toBe(
      '999 B of 45 GB in use',
    );
  });

  it('say nothing where the browser says nothing', () => {
    expect(spaceWords({ persistence: 'unsupported' })).toBeUndefined();
  });
});
