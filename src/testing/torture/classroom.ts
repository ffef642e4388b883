import type { Page } from '@playwright/test';
import type { AssessmentKey, CourseId } from '#domain/ids.ts';
import { classPath } from '#features/paths.ts';
import { createTablet, type Tablet } from '../../../e2e/fixtures/browser-process.ts';
import { createCanvasReader, type CanvasReader } from '../../../e2e/fixtures/canvas-reader.ts';
import { classes, lessonOn } from '../../../e2e/fixtures/lesson.ts';
import { tearLog } from '../../../e2e/fixtures/torn-log.ts';
import { findChromium } from '../../../.config/chromium.mjs';
import type { SchoolServer } from '../school-server.ts';
import type { SchoolRow } from './compare.ts';
import { ScreenLedger } from './screen-ledger.ts';
import { watchScreen } from './watch-screen.ts';

const login = 'teacher';

/** One assessment of one class. */
export interface TortureLane {
  /** Address of its grid. */
  readonly path: string;
  readonly course: string;
}

/** A teacher with a tablet of their own, two classes, and a ledger of what its screen said. */
export interface Classroom {
  readonly server: SchoolServer;
  readonly lanes: readonly TortureLane[];
  readonly ledger: ScreenLedger;
  /** Undefined while the browser is dead. */
  readonly page: () => Page | undefined;
  /** @param how with `tears`, it dies in the middle of a record; @returns whether it did */
  readonly killBrowser: (how: { readonly tears: boolean }) => Promise<boolean>;
  /** Switches the tablet on and finds the way back to a class. Does nothing to a browser that runs. */
  readonly startBrowser: () => Promise<Page>;
  /** What the school has of these lanes. */
  readonly rows: () => Promise<SchoolRow[]>;
  readonly dispose: () => Promise<void>;
}

/**
 * @param name of this term's assessments, so that nothing of another term is in them
 * @param isNew the first kill finds a browser that has only just signed in, and has written down little of it
 */
export async function openClassroom(
  server: SchoolServer,
  { name, isNew }: { name: string; isNew: boolean },
): Promise<Classroom> {
  const executablePath = findChromium();
  const tablet = await createTablet({
    ...(executablePath === undefined ? {} : { executablePath }),
    baseURL: server.url,
    viewport: { width: 1024, height: 768 },
    hasTouch: true,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
  });
  const ledger = new ScreenLedger();
  const canvas = createCanvasReader(server, login);
  const lanes: TortureLane[] = [];
  let page: Page | undefined;

  const startBrowser = async () => {
    page ??= await startWatched(tablet, ledger);
    return page;
  };
  const killBrowser = async ({ tears }: { readonly tears: boolean }) => {
    page = undefined;
    await tablet.kill();
    ledger.browserDied();
    return tears && (await tearLog(tablet.disk, 'half'));
  };
  try {
    const lesson = lessonOn(await startBrowser());
    await lesson.signIn(login);
    for (const which of [classes.ordinary, classes.hall]) {
      if (lanes.length > 0) {
        // To the list of classes: the address alone would lead to the class of last time.
        await lesson.page.goBack();
        await lesson.page.goBack();
      }
      const course = await lesson.open(which, { title: name });
      lanes.push({ path: new URL(lesson.page.url()).pathname, course });
    }
    await untilInstalled(lesson.page);
    if (!isNew) {
      page = undefined;
      await tablet.close();
    }
  } catch (error) {
    await tablet.dispose();
    throw error;
  }
  return {
    server,
    lanes,
    ledger,
    page: () => page,
    killBrowser,
    startBrowser,
    rows: () => rowsOf(canvas, lanes),
    dispose: () => tablet.dispose(),
  };
}

async function startWatched(tablet: Tablet, ledger: ScreenLedger): Promise<Page> {
  const page = await tablet.start();
  page.setDefaultTimeout(30_000);
  await watchScreen(page, (report) => {
    ledger.report(report);
  });
  return page;
}

/**
 * Opens a class's grid. Signs in where the browser died before it had written down that it was.
 * @returns false when the way leads through a sign-in for which there is no server now
 */
export async function openGrid(
  page: Page,
  lane: TortureLane,
  { serverUp = true }: { serverUp?: boolean } = {},
): Promise<boolean> {
  const marking = page.locator('[data-mark]').first();
  const signIn = signInButton(page);
  for (;;) {
    await page.goto(lane.path);
    await marking.or(signIn).first().waitFor();
    if (await marking.isVisible()) return true;
    if (!serverUp) return false;
    await signInAgain(page);
  }
}

/** From whatever screen, by way of the school's own page. */
export async function signInAgain(page: Page): Promise<void> {
  const person = page.getByRole('button', { name: `Sign in as ${login}`, exact: true });
  for (let n = 1; !(await person.isVisible()); n += 1) {
    if (n > 10) throw new Error('the way to the sign-in does not open');
    if (!(await signInButton(page).isVisible())) await page.goto('/sign-in');
    await signInButton(page).click();
    // It asks for the server first, and says so when there is no answer: then a person presses again.
    await person.waitFor({ timeout: 3_000 }).catch(() => undefined);
  }
  await person.click();
  await page.waitForURL((url) => !/sign-in|login/.test(url.pathname));
}

function signInButton(page: Page) {
  return page.getByRole('button', { name: /^Sign in (to|with)/ });
}

async function rowsOf(canvas: CanvasReader, lanes: readonly TortureLane[]): Promise<SchoolRow[]> {
  const found: SchoolRow[] = [];
  for (const { path, course } of lanes) {
    const own = (await canvas.assessments(course)).filter(
      ({ key }) => classPath(course as CourseId, key as AssessmentKey) === path,
    );
    if (own.length > 1) throw new Error(`${own.length} assessments have the key of ${path}`);
    for (const row of await canvas.rows(course)) {
      if (row.links.assessment !== own[0]?.id) continue;
      const { id, passed, assessed_at, links } = row;
      found.push({ id, lane: path, student: links.user, passed, secondMs: Date.parse(assessed_at) });
    }
  }
  return found;
}

/** Until the worker has put the whole app away there is no cold start without a server. */
async function untilInstalled(page: Page): Promise<void> {
  await page.waitForFunction(async () => {
    await navigator.serviceWorker.ready;
    return (await caches.keys()).length > 0;
  });
}
