import type { Browser, Page } from '@playwright/test';
import { classes, lessonOn } from '../../../e2e/fixtures/lesson.ts';
import { startSchoolServer } from '../school-server.ts';
import { median, type Figure } from './figures.ts';

const slowDown = 4;
const taps = 60;
const frameMs = 1000 / 60;

interface Paints {
  /** Frames and milliseconds from the event to the frame that shows the tile changed, one for each tap. */
  readonly frames: number[];
  readonly ms: number[];
}

declare global {
  var paints: Record<'pointerdown' | 'pointerup', Paints>;
}

/** How long the tile takes to answer a finger on the year group of 220, on a device four times slower than this. */
export async function tapToTile(browser: Browser): Promise<Figure[]> {
  const server = await startSchoolServer();
  const context = await browser.newContext({
    baseURL: server.url,
    viewport: { width: 1024, height: 768 },
    hasTouch: true,
    serviceWorkers: 'block',
  });
  try {
    const page = await context.newPage();
    const lesson = lessonOn(page);
    await lesson.signIn('teacher');
    await lesson.open(classes.yearGroup);
    const spots = await spotsInView(page);
    // tsx wraps inner functions in a helper of its own, which the page does not have.
    await page.evaluate('globalThis.__name = (wrapped) => wrapped');
    await page.evaluate(watchPaints);
    const devtools = await context.newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowDown });
    await tapAround(page, spots);
    const paints = await page.evaluate(() => globalThis.paints);
    return [
      figureOf('finger down to a tile that answers', paints.pointerdown),
      figureOf('finger up to a tile that shows the mark', paints.pointerup),
    ];
  } finally {
    await context.close();
    await server.dispose();
  }
}

function figureOf(name: string, { frames, ms }: Paints): Figure {
  return {
    name: `${name}, 220 students, ${slowDown}× slower`,
    measured: `${median(ms).toFixed(1)} ms, drawn in frame ${median(frames)}, ${ms.length} taps`,
    // By the clock, not by frames drawn: a device that is late drops frames.
    value: median(ms) / frameMs,
    unit: 'frames',
    limit: 2,
  };
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
  for (let n = 0; n < taps; n += 1) {
    const { x, y } = spots[(n * 7) % spots.length]!;
    await page.touchscreen.tap(x, y);
    await page.waitForTimeout(150);
  }
}

/** Runs in the page. A frame shows the change when its callback runs after the change was made. */
function watchPaints() {
  globalThis.paints = { pointerdown: { frames: [], ms: [] }, pointerup: { frames: [], ms: [] } };
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
          painted.port1.onmessage = () => {
            globalThis.paints[kind].frames.push(count);
            globalThis.paints[kind].ms.push(performance.now() - event.timeStamp);
          };
          painted.port2.postMessage(undefined);
        };
        requestAnimationFrame(() => frame(1));
      },
      { capture: true, passive: true },
    );
  }
}
