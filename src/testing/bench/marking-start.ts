import type { Browser } from '@playwright/test';
import { median, type Figure } from './figures.ts';
import { seededTablet } from './marking-tablet.ts';

const starts = 9;
const slowDown = 4;

declare global {
  /** From the beginning of the navigation to the frame after the one that shows a student who can be tapped, ms. */
  var tappableAfter: Promise<number>;
}

/** Opening the app without a network, with the class of 220 and months of marks on the device. */
export async function markingStart(browser: Browser): Promise<Figure> {
  const tablet = await seededTablet(browser, { students: 220, marks: 20_000 });
  try {
    const times: number[] = [];
    for (let n = 0; n < starts; n += 1) {
      const page = await tablet.open(slowDown, watchStart);
      times.push(await page.evaluate(() => globalThis.tappableAfter));
      await page.close();
    }
    return {
      name: `start without a network to a grid that can be tapped, 220 students, 20,000 marks, ${slowDown}× slower`,
      measured: `${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)} ms, ${starts} starts`,
      value: median(times),
      unit: 'ms',
      limit: 1_000,
    };
  } finally {
    await tablet.dispose();
  }
}

/** Runs in the page, before anything of the app. */
function watchStart() {
  globalThis.tappableAfter = new Promise((resolve) => {
    const look = () => {
      if (document.querySelector('[data-mark]') === null) requestAnimationFrame(look);
      else requestAnimationFrame(() => resolve(performance.now()));
    };
    requestAnimationFrame(look);
  });
}
