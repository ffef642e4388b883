import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { lessonOn } from '../../../e2e/fixtures/lesson.ts';
import { startSchoolServer, type SchoolServer } from '../school-server.ts';
import type { Figure } from './figures.ts';
import { bundle } from './page-server.ts';
import type { DrainFacts } from './sync-drain.page.ts';

const size = { marks: 10_000, lanes: 40 };
const slowDown = 4;

/** Ten thousand marks in forty lanes, from reconnect to "all in Canvas", on the real store, gateway and school. */
export async function syncDrain(browser: Browser): Promise<Figure[]> {
  const code = await bundle(fileURLToPath(new URL('./sync-drain.page.ts', import.meta.url)));
  const quick = await drain(browser, { code, bare: true });
  const slow = await drain(browser, { code, bare: false, rate: slowDown });
  const { reads, posts, others } = quick.requests;
  const name = `${size.marks} marks in ${size.lanes} lanes`;
  const longest = Math.max(0, ...slow.longTasks);
  return [
    {
      name: `${name}: reads and POSTs, against a read a lane and a POST a batch`,
      measured: `${reads} reads and ${posts} POSTs, ${others} others`,
      value: reads + posts,
      unit: 'requests',
      limit: size.lanes + quick.batches,
    },
    {
      name: `${name}: to "all in Canvas", against a bare loop of the same batches`,
      measured: `${seconds(quick.ms)} against ${seconds(quick.bareMs)}`,
      value: quick.ms / quick.bareMs,
      unit: '×',
      limit: 1.5,
    },
    {
      name: `${name}: longest task of the main thread, ${slowDown}× slower`,
      measured:
        longest === 0 ? `none above 50 ms in ${seconds(slow.ms)}` : `${slow.longTasks.length} above 50 ms`,
      value: longest,
      unit: 'ms',
      limit: 50,
    },
  ];
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;

async function drain(
  browser: Browser,
  { code, bare, rate = 1 }: { code: string; bare: boolean; rate?: number },
): Promise<DrainFacts> {
  const server = await startSchoolServer();
  const context = await browser.newContext({ baseURL: server.url, serviceWorkers: 'block' });
  try {
    const page = await pageWithout(context, server, code);
    const devtools = await context.newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate });
    return await page.evaluate((what) => globalThis.measureDrain(what), { ...size, bare });
  } finally {
    await context.close();
    await server.dispose();
  }
}

/** A page of the server's own origin, signed in, on which no app runs. */
async function pageWithout(context: BrowserContext, server: SchoolServer, code: string): Promise<Page> {
  const page = await context.newPage();
  await lessonOn(page).signIn('teacher');
  await page
    .getByRole('link', { name: /students/ })
    .first()
    .waitFor();
  await page.goto(`${server.url}/manifest.webmanifest`);
  await page.evaluate(code);
  return page;
}
