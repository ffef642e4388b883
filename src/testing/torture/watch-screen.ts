import type { Page } from '@playwright/test';
import type { ScreenReport } from './screen-ledger.ts';

declare global {
  var tapmarkReport: (report: ScreenReport) => Promise<void>;
  /** Lets the page's monotonic clock jump, and wakes whoever waits for a network. */
  var tapmarkSkip: (ms: number) => void;
}

/** Has every document of this browser report each tap and each word of a tile, before the next kill if it can. */
export async function watchScreen(page: Page, heard: (report: ScreenReport) => void): Promise<void> {
  const context = page.context();
  await context.exposeFunction('tapmarkReport', heard);
  // The compiler gives functions their names with a helper of its own.
  await context.addInitScript({ content: 'globalThis.__name = (named) => named;' });
  await context.addInitScript(reportFromThePage);
}

/** Runs in the page, before anything of the app. */
function reportFromThePage(): void {
  const life = crypto.randomUUID();
  const told = new Map<string, string>();

  let skippedMs = 0;
  const monotonicMs = performance.now.bind(performance);
  performance.now = () => monotonicMs() + skippedMs;
  globalThis.tapmarkSkip = (ms) => {
    skippedMs += ms;
    dispatchEvent(new Event('online'));
  };

  // In the capture phase, and so before the app has even heard of the tap.
  addEventListener(
    'pointerup',
    (event) => {
      if (!(event.target instanceof Element)) return;
      const button = event.target.closest<HTMLElement>('[data-mark]');
      const student = button?.closest<HTMLElement>('[data-student]')?.dataset['student'];
      if (button === null || student === undefined) return;
      const passed = button.dataset['mark'] === 'pass';
      void tapmarkReport({ kind: 'tap', life, lane: location.pathname, student, passed, atMs: Date.now() });
    },
    { capture: true, passive: true },
  );

  const tell = (tile: HTMLElement) => {
    const student = tile.dataset['student'] ?? '';
    const words = tile.querySelector('.tile-status')?.textContent ?? '';
    const lane = location.pathname;
    if (told.get(`${lane} ${student}`) === words) return;
    told.set(`${lane} ${student}`, words);
    const tries = Number(/ of (\d+)/.exec(words)?.[1] ?? '0');
    const saved = /saved here|waiting|checking with Canvas|in Canvas/.test(words);
    const failed = words.includes('not saved');
    void tapmarkReport({ kind: 'tile', life, lane, student, tries, saved, failed });
  };
  const observer = new MutationObserver((records) => {
    const tiles = new Set<HTMLElement>();
    for (const { target, addedNodes } of records) {
      const own = (target instanceof Element ? target : target.parentElement)?.closest<HTMLElement>('.tile');
      if (own != null) tiles.add(own);
      for (const node of addedNodes) {
        if (!(node instanceof HTMLElement)) continue;
        if (node.matches('.tile')) tiles.add(node);
        for (const tile of node.querySelectorAll<HTMLElement>('.tile')) tiles.add(tile);
      }
    }
    for (const tile of tiles) if (tile.isConnected) tell(tile);
  });
  observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
}
