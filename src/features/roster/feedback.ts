import type { Hands } from './lesson-prefs.ts';

/*
 * A tick and a tremor, so that the teacher can look at the students and not at the glass. A pass is one short high
 * tick, not yet two lower ones: told apart without looking.
 */

const tones = { pass: [880], fail: [440, 440] } as const;
const tremors = { pass: [18], fail: [18, 60, 18] } as const;
/** Between two ticks, and how long one sounds, s. */
const tickEvery = 0.09;
const tickLength = 0.05;

let audio: AudioContext | undefined;

/** Lets a finger know what it has marked, as far as the device can and the teacher wants. */
export function giveFeedback(
  passed: boolean,
  { sound, vibration }: Pick<Hands, 'sound' | 'vibration'>,
): void {
  const kind = passed ? 'pass' : 'fail';
  // Safari has no vibrate; browsers refuse it before the first touch.
  if (vibration && typeof navigator.vibrate === 'function') navigator.vibrate([...tremors[kind]]);
  if (sound) play(tones[kind]);
}

function play(frequencies: readonly number[]): void {
  // Made with the first tap, because browsers keep one silent that was made before.
  audio ??= new AudioContext();
  const start = audio.currentTime;
  frequencies.forEach((frequency, n) => tick(audio, frequency, start + n * tickEvery));
}

function tick(context: AudioContext | undefined, frequency: number, at: number): void {
  if (context === undefined) return;
  const tone = new OscillatorNode(context, { type: 'triangle', frequency });
  const volume = new GainNode(context, { gain: 0.12 });
  volume.gain.setTargetAtTime(0, at, tickLength / 3);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + tickLength * 2);
}
