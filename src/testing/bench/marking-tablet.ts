import type { Browser, CDPSession, Page } from '@playwright/test';
import { untilInstalled } from '../../../e2e/fixtures/installed.ts';
import { classes, lessonOn } from '../../../e2e/fixtures/lesson.ts';
import { startSchoolServer } from '../school-server.ts';
import { seedStore, type Seed } from './marking-seed.ts';

/** A tablet with the year group and a full store, without a network. */
export interface SeededTablet {
  /** Opens the app in a page of its own, on a device so many times slower. */
  readonly open: (slowDown: number, script?: () => void) => Promise<Page>;
  readonly dispose: () => Promise<void>;
}

export async function seededTablet(browser: Browser, seed: Seed): Promise<SeededTablet> {
  const server = await startSchoolServer();
  const context = await browser.newContext({
    baseURL: server.url,
    viewport: { width: 1024, height: 768 },
    hasTouch: true,
  });
  const first = await context.newPage();
  const lesson = lessonOn(first);
  await lesson.signIn('teacher');
  await untilInstalled(first);
  await lesson.open(classes.yearGroup);
  const [student] = await lesson.students();
  await lesson.save(student!, 'Pass');
  await lesson.sendNow();
  await lesson.expectInCanvas([student!]);
  const address = first.url();
  // The class would be read anew, and the thousand would be 220 again.
  await context.setOffline(true);
  await first.goto('/settings');
  await seedStore(first, seed);
  await first.close();

  return {
    open: async (slowDown, script) => {
      const page = await context.newPage();
      if (script !== undefined) {
        await page.addInitScript('globalThis.__name = (wrapped) => wrapped');
        await page.addInitScript(script);
      }
      const devtools: CDPSession = await context.newCDPSession(page);
      await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowDown });
      await page.goto(address);
      await page
        .getByRole('button', { name: /^Pass, / })
        .first()
        .waitFor();
      return page;
    },
    dispose: async () => {
      await context.close();
      await server.dispose();
    },
  };
}
