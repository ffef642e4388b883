import { wordsForMark } from './tile-words.ts';

/** So many past rounds fit beside a name; the oldest give way. */
const mostTicks = 6;
/** Width of a tick and the space after it, px. */
const step = 6;
const width = 4;
const height = 11;

/**
 * Past rounds as small strokes, drawn as backgrounds of one element: a full stroke for a pass, a short one for not
 * yet, a dot where the student was not seen. Read by eye only; the card has them in words (`roundsWords`).
 */
export function ticksStyle(layers: string) {
  const shown = Array.from(layers.slice(-mostTicks));
  const tall = shown.map((layer) => (layer === 'p' ? height : layer === 'f' ? 5 : 2));
  return {
    width: shown.length * step - (step - width),
    height,
    backgroundImage: shown.map(() => 'linear-gradient(currentColor, currentColor)').join(', '),
    backgroundPosition: shown.map((_, n) => `${n * step}px 100%`).join(', '),
    backgroundSize: tall.map((each) => `${width}px ${each}px`).join(', '),
  };
}

/** Past rounds in words, the oldest first: "round 1 pass, round 2 not yet, round 3 not seen". */
export function roundsWords(layers: string): string {
  return Array.from(layers)
    .map((layer, n) => `round ${n + 1} ${layer === '-' ? 'not seen' : wordsForMark(layer === 'p')}`)
    .join(', ');
}
