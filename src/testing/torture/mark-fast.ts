import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import type { SeededRandom } from '../seeded-random.ts';
import type { Touch } from './screen-ledger.ts';

/**
 * The app holds a second tap on one tile back when it comes sooner than a finger can aim; such a tap is no mark, and
 * here each tap is meant to be one. Longer than that, ms.
 */
const secondThoughtMs = 250;

interface Spot {
  readonly student: string | undefined;
  readonly passed: boolean;
  readonly x: number;
  readonly y: number;
}

export interface FastMarking {
  readonly taps: number;
  readonly random: SeededRandom;
  /** Told before the finger lands. */
  readonly touching: (touch: Touch) => void;
  /** Told after each tap; the next one waits for it. */
  readonly after?: (n: number) => Promise<void>;
}

/** Marks as fast as two thumbs can. */
export async function markFast(page: Page, { taps, random, touching, after }: FastMarking): Promise<void> {
  const lane = new URL(page.url()).pathname;
  const spots = await page.evaluate(spotsInView);
  if (spots.length === 0) throw new Error('there is no button to mark with');
  let spot = random.pick(spots);
  // Whoever tapped here before this call may have tapped the same tile.
  await sleep(secondThoughtMs);
  for (let n = 1; n <= taps; n += 1) {
    const last = spot;
    // Now and then the same again: a mark that was meant twice, or a second thought, within the same second.
    if (!random.chance(0.15)) spot = random.pick(spots);
    if (n > 1 && spot.student === last.student) await sleep(secondThoughtMs);
    const { student, passed } = spot;
    if (student !== undefined) touching({ lane, student, passed, atMs: Date.now() });
    await page.touchscreen.tap(spot.x, spot.y);
    await after?.(n);
    await sleep(40 + random.below(140));
  }
}

/** Runs in the page: the middle of each button that nothing covers. */
function spotsInView(): Spot[] {
  return [...document.querySelectorAll<HTMLElement>('[data-mark]')].flatMap((button) => {
    const { x, y, width, height } = button.getBoundingClientRect();
    const { student } = button.closest<HTMLElement>('[data-student]')?.dataset ?? {};
    const passed = button.dataset['mark'] === 'pass';
    const spot = { student, passed, x: x + width / 2, y: y + height / 2 };
    return document.elementFromPoint(spot.x, spot.y)?.closest('[data-mark]') === button ? [spot] : [];
  });
}
