import { systemClock } from '#lib/clock.ts';
import type { Subject } from './subject.ts';

/**
 * `ready`: a newer version waits to be accepted. `replaced`: another tab accepted it; this page runs on with the
 * old one until it is reloaded.
 */
export type UpdateState = 'current' | 'ready' | 'replaced';

export interface Updates {
  /** Lets the newer version take over and reloads this page, and no other. */
  accept: () => void;
  /** Fetches the newest version there is and reloads with it: this one cannot go on. */
  renew: () => Promise<void>;
  stop: () => void;
}

/** How long a search for a newer version may take, and its installation after it, ms. */
const longestRenewalMs = 10_000;
const installMs = 2_000;
/** How often an app that stays open looks for a newer version, ms. */
const lookEveryMs = 60 * 60_000;

/** Registers the service worker and tells when a newer version waits. It never takes over by itself. */
export async function watchUpdates(state: Subject<UpdateState>): Promise<Updates> {
  const { Workbox } = await import('workbox-window');
  const worker = new Workbox('/service-worker.js');
  let accepted = false;
  // The first worker ever takes over a page that had none: that is no newer version, whichever page registered it.
  let hadWorker = navigator.serviceWorker.controller !== null;

  worker.addEventListener('waiting', () => {
    state.set('ready');
  });
  worker.addEventListener('controlling', () => {
    if (accepted) location.reload();
    else if (hadWorker) state.set('replaced');
    hadWorker = true;
  });
  const look = () => {
    // No network is no news.
    if (document.visibilityState === 'visible') void worker.update().catch(() => undefined);
  };
  const timer = setInterval(look, lookEveryMs);
  document.addEventListener('visibilitychange', look);
  await worker.register();

  function accept() {
    if (state.get() !== 'ready') {
      location.reload();
      return;
    }
    accepted = true;
    worker.messageSkipWaiting();
    // The sender has stopped by now: this page must not stay, whatever becomes of the other worker.
    void systemClock.sleep(longestRenewalMs).then(() => {
      location.reload();
    });
  }

  return {
    accept,
    async renew() {
      await Promise.race([worker.update(), systemClock.sleep(longestRenewalMs)]).catch(() => undefined);
      // What was found has to be put in place before it can be waiting.
      if (state.get() !== 'ready') await systemClock.sleep(installMs);
      accept();
    },
    stop() {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    },
  };
}
