import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { lessonOn } from '../../../e2e/fixtures/lesson.ts';
import { startSchoolServer, type SchoolServer } from '../school-server.ts';
import { median, type Figure } from './figures.ts';
import { bundle } from './page-server.ts';
import type { DrainFacts, DrainTerms } from './sync-drain.page.ts';

const size = { marks: 10_000, lanes: 40 };
/**
 * How long an answer is on its way besides, ms: a school's Wi-Fi, the Internet, and a Canvas that is not the next room's.
 * With 0 it is a server on this very machine, which has the tablet's and the school's work to do on the same cores.
 */
const farMs = 100;
/** A drain and its bare loop, one after the other: how busy the machine is changes between two of them. */
const rounds = 3;
const slowDown = 4;

/** Ten thousand marks in forty lanes, from reconnect to "all in Canvas", on the real store, gateway and school. */
export async function syncDrain(browser: Browser): Promise<Figure[]> {
  const code = await bundle(fileURLToPath(new URL('./sync-drain.page.ts', import.meta.url)));
  const far: DrainFacts[] = [];
  while (far.length < rounds) far.push(await drain(browser, { code, bare: true, answerMs: farMs }));
  const near = await drain(browser, { code, bare: true, answerMs: 0 });
  const slow = await drain(browser, { code, bare: false, answerMs: 0, rate: slowDown });
  const asked = ({ requests }: DrainFacts) => requests.reads + requests.posts;
  const most = far.reduce((a, b) => (asked(b) > asked(a) ? b : a));
  const { reads, posts, others } = most.requests;
  const name = `${size.marks} marks in ${size.lanes} lanes`;
  const longest = Math.max(0, ...slow.longTasks);
  return [
    {
      name: `${name}: reads and POSTs, against a read a lane and a POST a batch`,
      measured: `${reads} reads and ${posts} POSTs, ${others} others`,
      value: asked(most),
      unit: 'requests',
      limit: size.lanes + most.batches,
    },
    {
      name: `${name}: to "all in Canvas", against a bare loop of the same batches, answers after ${farMs} ms`,
      measured: far.map(againstBare).join(', '),
      value: median(far.map(({ ms, bareMs }) => ms / bareMs)),
      unit: '×',
      limit: 1.5,
    },
    {
      name: `${name}: the same, answers at once`,
      measured: againstBare(near),
      value: near.ms / near.bareMs,
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

const againstBare = ({ ms, bareMs }: DrainFacts) => `${seconds(ms)} against ${seconds(bareMs)}`;
const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;

async function drain(
  browser: Browser,
  { code, rate = 1, ...terms }: { code: string; rate?: number } & Pick<DrainTerms, 'bare' | 'answerMs'>,
): Promise<DrainFacts> {
  const server = await startSchoolServer();
  const context = await browser.newContext({ baseURL: server.url, serviceWorkers: 'block' });
  try {
    const page = await pageWithout(context, server);
    await page.evaluate(code);
    const backlog = await page.evaluate((what) => globalThis.fillBacklog(what), size);
    await page.reload();
    await page.evaluate(code);
    const devtools = await context.newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate });
    return await page.evaluate(([what, waiting]) => globalThis.measureDrain(what, waiting), [
      { ...size, ...terms },
      backlog,
    ] as const);
  } finally {
    await context.close();
    await server.dispose();
  }
}

/** A page of the server's own origin, signed in, on which no app runs. */
async function pageWithout(context: BrowserContext, server: SchoolServer): Promise<Page> {
  const page = await context.newPage();
  await lessonOn(page).signIn('teacher');
  await page
    .getByRole('link', { name: /students/ })
    .first()
    .waitFor();
  await page.goto(`${server.url}/manifest.webmanifest`);
  return page;
}
