import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { settleMs } from '#sync/parameters.ts';
import { signInAgain, type Classroom, type TortureLane, openGrid } from './classroom.ts';

/** How long a round may take to come to rest, ms of real time. */
const patienceMs = 120_000;
/** Nothing happened on the network for so long: nothing is under way that could still take effect. */
const quietMs = 700;

export interface Rest {
  /** How often a wait of the protocol was skipped. */
  readonly skips: number;
  readonly signIns: number;
}

/**
 * With everything up again, lets the app come to rest: all in Canvas, by its own word.
 *
 * Where it only waits, the page's monotonic clock is moved on by SETTLE instead. That shortens no wait that matters:
 * SETTLE is there for a request that is still on its way, and here the proxy knows that none is.
 * @throws when it does not come to rest, or wants the teacher
 */
export async function settle(room: Classroom, lane: TortureLane, skipWaits: boolean): Promise<Rest> {
  const page = await room.startBrowser();
  if (!(await page.locator('[data-mark]').first().isVisible())) await openGrid(page, lane);
  const quiet = watchQuiet(room);
  let [skips, signIns] = [0, 0];
  const startedMs = performance.now();
  for (;;) {
    const said = await page.evaluate(readSync);
    if (/^(All in Canvas|Nothing to send)/.test(said.words) && !said.saving) return { skips, signIns };
    if (/needs? you|cannot/.test(said.words)) throw new Error(`it wants the teacher: "${said.words}"`);
    if (performance.now() - startedMs > patienceMs)
      throw new Error(`it does not come to rest: "${said.words}"`);
    if (said.canSend) await sendNow(page);
    else if (said.words.includes('sign in to send')) {
      signIns += 1;
      await signInAgain(page);
      await openGrid(page, lane);
    } else if (skipWaits && quiet() > quietMs) {
      skips += 1;
      await page.evaluate((ms) => globalThis.tapmarkSkip(ms), settleMs + 1_000);
      await sleep(quietMs);
    }
    await sleep(60);
  }
}

/** Presses the button if it is there. */
export async function sendNow(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Send now' });
  // It goes away by itself when the hold-back is over.
  if (await button.isVisible()) await button.click({ timeout: 2_000 }).catch(() => undefined);
}

/** @returns how long nothing has passed through the proxy, and nothing is in it, ms */
function watchQuiet(room: Classroom): () => number {
  const { network } = room.server;
  let seen = -1;
  let sinceMs = performance.now();
  return () => {
    const busy = network.underWay() > 0;
    if (busy || network.passages.length !== seen) sinceMs = performance.now();
    seen = network.passages.length;
    return performance.now() - sinceMs;
  };
}

/** Runs in the page. */
function readSync(): { words: string; canSend: boolean; saving: boolean } {
  const region = document.querySelector('[role="status"][aria-label="Sync"]');
  return {
    words: region?.textContent ?? '',
    canSend: region?.parentElement?.querySelector('button') != null,
    saving: document.body.textContent.includes('being saved'),
  };
}
