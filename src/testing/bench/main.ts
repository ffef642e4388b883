import { chromium, type Browser } from '@playwright/test';
import { findChromium } from '../../../.config/chromium.mjs';
import { isMet, tableOf, type Figure } from './figures.ts';
import { firstLoad } from './first-load.ts';
import { gatewayFigures } from './gateway-figures.ts';
import { fullStoreTap } from './full-store-tap.ts';
import { markingStart } from './marking-start.ts';
import { markingTap } from './marking-tap.ts';
import { savedTap } from './saved-tap.ts';
import { schoolGrowth } from './school-growth.ts';
import { schoolRates } from './school-rates.ts';
import { syncDrain } from './sync-drain.ts';

/*
 * `npm run bench`: the promised figures, each a ratio or a count within this run. Ends with 1 when one is not met.
 * `npm run bench -- drain` measures only those whose name has that word.
 */

const all = [
  syncDrain,
  fullStoreTap,
  savedTap,
  firstLoad,
  markingTap,
  markingStart,
  gatewayFigures,
  schoolRates,
  schoolGrowth,
];
const wanted = process.argv.slice(2).map((word) => word.toLowerCase());
const chosen = all.filter(({ name }) => wanted.every((word) => name.toLowerCase().includes(word)));
if (chosen.length === 0)
  throw new Error(`no figure of that name; there are ${all.map(({ name }) => name).join(', ')}`);

const executablePath = findChromium();
const browser: Browser = await chromium.launch(executablePath === undefined ? {} : { executablePath });
const figures: Figure[] = [];
try {
  for (const measure of chosen) {
    process.stderr.write(`measuring: ${measure.name}\n`);
    figures.push(...[await measure(browser)].flat());
  }
} finally {
  await browser.close();
}
process.stdout.write(`${tableOf(figures)}\n`);
process.exitCode = figures.every(isMet) ? 0 : 1;
