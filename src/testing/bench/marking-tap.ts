import type { Browser, Page } from '@playwright/test';
import { median, type Figure } from './figures.ts';
import { seededTablet, type SeededTablet } from './marking-tablet.ts';
import type { Seed } from './marking-seed.ts';

/** Each class and slow-down has its turn in every round, so that a slow minute of the machine meets them all alike. */
const rounds = 3;
const tapsARound = 20;
/** How long a finger that taps quickly stays on the glass, ms. Playwright's own tap lifts it in the moment it lands. */
const contactMs = 70;
/** From one tap to the next, ms. */
const breathMs = 250;

/** The limits of issue 4: one frame, and what a fast and a slow tablet may take, ms. */
const limits = [
  [1, 1000 / 60],
  [4, 25],
  [6, 35],
] as const;
/** How much dearer a class of 1,000 with 20,000 marks may be, in this run, ×. */
const largeLimit = 1.2;

const ordinary: Seed = { students: 220, marks: 5_000 };
const large: Seed = { students: 1_000, marks: 20_000 };

const kinds = ['pointerdown', 'pointerup'] as const;
/** From the event to the frame that shows the tile changed, ms. */
type Paints = Record<(typeof kinds)[number], number[]>;
const noPaints = (): Paints => ({ pointerdown: [], pointerup: [] });

declare global {
  var paints: Paints;
}

/** How long a tile takes to answer a finger, by real pointer events, on this machine and on slower ones. */
export async function markingTap(browser: Browser): Promise<Figure[]> {
  const classes: SeededTablet[] = [];
  for (const seed of [ordinary, large]) classes.push(await seededTablet(browser, seed));
  const measured = limits.map(() => classes.map(noPaints));
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const [n, [slowDown]] of limits.entries()) {
        for (const [which, tablet] of classes.entries()) {
          const paints = await measure(tablet, slowDown);
          for (const kind of kinds) measured[n]![which]![kind].push(...paints[kind]);
        }
      }
    }
  } finally {
    for (const tablet of classes) await tablet.dispose();
  }
  return limits.flatMap(([slowDown, limit], n) => {
    const [small, big] = measured[n]! as [Paints, Paints];
    return [
      {
        name: `finger down to painted tile, 220 students, 5,000 marks, ${slowDown}× slower`,
        measured: `${show(small.pointerdown)}; lift to mark ${show(small.pointerup)}`,
        value: median(small.pointerdown),
        unit: 'ms',
        limit,
      },
      {
        name: `the same with 1,000 students, 20,000 marks, ${slowDown}× slower`,
        measured: `${show(big.pointerdown)}; lift to mark ${show(big.pointerup)}`,
        value: median(big.pointerdown) / median(small.pointerdown),
        unit: '×',
        limit: largeLimit,
      },
    ];
  });
}

function show(ms: readonly number[]): string {
  return `${median(ms).toFixed(1)} ms of ${ms.length}`;
}

async function measure(tablet: SeededTablet, slowDown: number): Promise<Paints> {
  const page = await tablet.open(slowDown, watchPaints);
  await page.waitForTimeout(3_000);
  await tapAround(page, await spotsInView(page));
  const paints = await page.evaluate(() => globalThis.paints);
  await page.close();
  return paints;
}

interface Spot {
  readonly x: number;
  readonly y: number;
}

/** The middles of all buttons that can be hit without scrolling. */
async function spotsInView(page: Page): Promise<Spot[]> {
  const spots = await page.getByRole('button', { name: /^(Pass|Fail), / }).evaluateAll((buttons) =>
    buttons.flatMap((button) => {
      const { x, y, width, height } = button.getBoundingClientRect();
      const spot = { x: x + width / 2, y: y + height / 2 };
      return document.elementFromPoint(spot.x, spot.y)?.closest('button') === button ? [spot] : [];
    }),
  );
  if (spots.length < 20) throw new Error(`only ${spots.length} buttons are in view`);
  return spots;
}

/** One tap after another with a breath between them, never on the same tile twice in a moment. */
async function tapAround(page: Page, spots: readonly Spot[]) {
  const devtools = await page.context().newCDPSession(page);
  for (let n = 0; n < tapsARound; n += 1) {
    const { x, y } = spots[(n * 7) % spots.length]!;
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
    await page.waitForTimeout(contactMs);
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await page.waitForTimeout(breathMs);
  }
}

/** Runs in the page. A frame shows the change when its callback runs after the change was made. */
function watchPaints() {
  globalThis.paints = { pointerdown: [], pointerup: [] };
  for (const kind of ['pointerdown', 'pointerup'] as const) {
    document.addEventListener(
      kind,
      (event) => {
        const tile = event.target instanceof Element ? event.target.closest('[role=group]') : null;
        if (tile === null) return;
        let changed = false;
        const observer = new MutationObserver(() => (changed = true));
        observer.observe(tile, { subtree: true, childList: true, attributes: true, characterData: true });
        const frame = (count: number) => {
          if (!changed && count < 120) return void requestAnimationFrame(() => frame(count + 1));
          observer.disconnect();
          const painted = new MessageChannel();
          painted.port1.onmessage = () => globalThis.paints[kind].push(performance.now() - event.timeStamp);
          painted.port2.postMessage(undefined);
        };
        requestAnimationFrame(() => frame(1));
      },
      { capture: true, passive: true },
    );
  }
}
