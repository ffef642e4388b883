import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { lessonOn } from '../../../e2e/fixtures/lesson.ts';
import { startSchoolServer, type SchoolServer } from '../school-server.ts';
import { median, type Figure } from './figures.ts';
import { watchMainThread, type MainThreadTasks } from './main-thread.ts';
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
  const slow: MainThreadTasks[] = [];
  while (slow.length < rounds) slow.push(await slowDrain(browser, code));
  const asked = ({ requests }: DrainFacts) => requests.reads + requests.posts;
  const most = far.reduce((a, b) => (asked(b) > asked(a) ? b : a));
  const { reads, posts, others } = most.requests;
  const name = `${size.marks} marks in ${size.lanes} lanes`;
  const longest = slow.map(({ ofThePage }) => Math.max(...ofThePage));
  const browsers = slow.map(({ ofTheBrowser }) => Math.max(...ofTheBrowser));
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
      name: `${name}: longest task of the main thread, its own time, ${slowDown}× slower`,
      measured: `${longest.map(inMs).join(', ')}; the browser's own: ${browsers.map(inMs).join(', ')}`,
      value: Math.max(...longest),
      unit: 'ms',
      limit: 50,
    },
  ];
}

const againstBare = ({ ms, bareMs }: DrainFacts) => `${seconds(ms)} against ${seconds(bareMs)}`;
const inMs = (ms: number) => `${ms.toFixed(0)} ms`;
const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;

function drain(browser: Browser, { code, ...terms }: { code: string } & Terms): Promise<DrainFacts> {
  return withBacklog(browser, code, (measure) => measure(terms));
}

/** What a slow tablet's main thread does in a drain, and in filing what it leaves. */
async function slowDrain(browser: Browser, code: string): Promise<MainThreadTasks> {
  return withBacklog(browser, code, async (measure, page) => {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowDown });
    const { tasks } = await watchMainThread(browser, page, () => measure({ bare: false, answerMs: 0 }));
    return tasks;
  });
}

type Terms = Pick<DrainTerms, 'bare' | 'answerMs'>;

/** A page with marks that wait, and with nothing else to do. */
async function withBacklog<T>(
  browser: Browser,
  code: string,
  use: (measure: (terms: Terms) => Promise<DrainFacts>, page: Page) => Promise<T>,
): Promise<T> {
  const server = await startSchoolServer();
  const context = await browser.newContext({ baseURL: server.url, serviceWorkers: 'block' });
  try {
    const page = await pageWithout(context, server);
    await page.evaluate(code);
    const backlog = await page.evaluate((what) => globalThis.fillBacklog(what), size);
    await page.reload();
    await page.evaluate(code);
    const measure = (terms: Terms) =>
      page.evaluate(([what, waiting]) => globalThis.measureDrain(what, waiting), [
        { ...size, ...terms },
        backlog,
      ] as const);
    return await use(measure, page);
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
