import { fileURLToPath } from 'node:url';
import type { Browser } from '@playwright/test';
import { median, type Figure } from './figures.ts';
import { servePage } from './page-server.ts';
import type { SavedTapTimes } from './saved-tap.page.ts';

const rounds = 500;

/** What a saved tap costs, by the store's real transaction, against a bare strict write of the same record. */
export async function savedTap(browser: Browser): Promise<Figure> {
  const server = await servePage(fileURLToPath(new URL('./saved-tap.page.ts', import.meta.url)));
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(server.url);
    await page.waitForFunction(() => 'measureSavedTap' in globalThis);
    const times: SavedTapTimes = await page.evaluate((n) => globalThis.measureSavedTap(n), rounds);
    const [ours, bare] = [median(times.ours), median(times.bare)];
    return {
      name: 'a saved tap, against a bare strict write of the same record',
      measured: `${ours.toFixed(2)} ms against ${bare.toFixed(2)} ms`,
      value: ours / bare,
      unit: '×',
      limit: 1.75,
    };
  } finally {
    await context.close();
    await server.close();
  }
}
