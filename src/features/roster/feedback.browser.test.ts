import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { giveFeedback } from './feedback.ts';

interface Tone {
  readonly frequency: number;
  /** s after the first tone of its tick. */
  readonly at: number;
}

/** What was played since the test began. */
let tones: { frequency: number; startsAt: number }[];
let contexts: number;

beforeEach(() => {
  tones = [];
  contexts = 0;
  const [Context, Oscillator] = [AudioContext, OscillatorNode];
  vi.stubGlobal(
    'AudioContext',
    class extends Context {
      constructor() {
        super();
        contexts += 1;
      }
    },
  );
  vi.stubGlobal(
    'OscillatorNode',
    class extends Oscillator {
      override start(when = 0): void {
        tones.push({ frequency: this.frequency.value, startsAt: when });
        super.start(when);
      }
    },
  );
});
afterEach(() => vi.unstubAllGlobals());

function played(passed: boolean): readonly Tone[] {
  tones = [];
  giveFeedback(passed, { sound: true, vibration: false });
  const first = tones[0]?.startsAt ?? 0;
  return tones.map(({ frequency, startsAt }) => ({ frequency, at: startsAt - first }));
}

it('plays nothing, and asks the browser for no sound, while the tick is off', () => {
  giveFeedback(true, { sound: false, vibration: false });
  giveFeedback(false, { sound: false, vibration: true });
  expect(tones).toEqual([]);
  expect(contexts).toBe(0);
});

it('plays one high tone for a pass and two lower ones for not yet', () => {
  const [pass, fail] = [played(true), played(false)];
  expect(pass).toHaveLength(1);
  expect(fail).toHaveLength(2);
  expect(fail[1]!.at).toBeGreaterThan(0.05);
  for (const { frequency } of fail) expect(frequency).toBeLessThan(pass[0]!.frequency * 0.75);
});

it('opens one way to the loudspeaker for a whole lesson', () => {
  for (let n = 0; n < 20; n += 1) giveFeedback(n % 2 === 0, { sound: true, vibration: false });
  expect(tones).toHaveLength(30);
  expect(contexts).toBeLessThanOrEqual(1);
});
