import type { AccountStore } from '#store/account-store.ts';
import { wakeUpTag } from './wake-up-tag.ts';

/** Chromium's background sync, which no other browser has. */
type WithSync = ServiceWorkerRegistration & {
  readonly sync?: { readonly register: (tag: string) => Promise<void> };
};

/**
 * Asks the browser to wake the service worker once there is a network, as long as marks wait here that this page may
 * not live to send: it is leaving the screen, or it has no network. Nothing more happens on leaving (§8.3).
 * @returns ends it
 */
export function askForWakeUps(store: AccountStore): () => void {
  let waiting = 0;
  let registration: WithSync | undefined;
  const ask = () => {
    if (waiting === 0 || (document.visibilityState === 'visible' && navigator.onLine)) return;
    // Refused, or not to be had: then the marks wait for the next time the app is open.
    registration?.sync?.register(wakeUpTag).catch(() => undefined);
  };
  // At hand before it is needed: a page that is being closed waits for no answer.
  if ('serviceWorker' in navigator) {
    void navigator.serviceWorker.ready.then((ready) => {
      registration = ready;
      ask();
    });
  }
  const endCounts = store.watch.openCounts.subscribe((counts) => {
    const more = counts.waiting > waiting;
    waiting = counts.waiting;
    if (more) ask();
  });
  document.addEventListener('visibilitychange', ask);
  addEventListener('offline', ask);
  return () => {
    endCounts();
    document.removeEventListener('visibilitychange', ask);
    removeEventListener('offline', ask);
  };
}
