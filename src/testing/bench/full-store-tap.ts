import { fileURLToPath } from 'node:url';
import type { Browser } from '@playwright/test';
import { median, type Figure } from './figures.ts';
import { servePage } from './page-server.ts';

const size = { marks: 20_000, rounds: 300 };

/** What a tap's save costs with a term's marks in the store, against a store that is empty. */
export async function fullStoreTap(browser: Browser): Promise<Figure> {
  const server = await servePage(fileURLToPath(new URL('./full-store-tap.page.ts', import.meta.url)));
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(server.url);
    await page.waitForFunction(() => 'measureFullStore' in globalThis);
    const times = await page.evaluate((what) => globalThis.measureFullStore(what), size);
    const [full, empty] = [median(times.full), median(times.empty)];
    return {
      name: `a tap's save with ${size.marks} marks in the store, against an empty one`,
      measured: `${full.toFixed(2)} ms against ${empty.toFixed(2)} ms`,
      value: full / empty,
      unit: '×',
      limit: 1.2,
    };
  } finally {
    await context.close();
    await server.close();
  }
}
