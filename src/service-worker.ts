/// <reference lib="webworker" />
import { cleanupOutdatedCaches, PrecacheController, PrecacheRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { sendInBackground } from '#app/background-sender.ts';
import { keptPicture } from '#features/roster/keep-pictures.ts';
import { wakeUpTag } from '#app/wake-up-tag.ts';
import { systemClock } from '#lib/clock.ts';

declare const self: ServiceWorkerGlobalScope;

/*
 * Keeps the app's shell, so that it opens with no network. It keeps no queue, repeats no request and answers
 * nothing under /api/, /tapmark/, /login/ and /healthz: those belong to the page and the school's server.
 * Where the browser has background sync it sends while no page does, by the pages' own core and lock.
 */

/** Not while the page starts, ms. */
const mendAfterMs = 5_000;

const notTheShell = [/^\/api\//, /^\/tapmark\//, /^\/login\//, /^\/healthz/];

// Whenever the app is opened. Before any route is registered: one that answers keeps later listeners from hearing.
self.addEventListener('fetch', (event) => {
  if (event.request.mode !== 'navigate') return;
  event.waitUntil(systemClock.sleep(mendAfterMs).then(() => mendShell(event)));
});

const shell = new PrecacheController();
shell.precache(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(new PrecacheRoute(shell));
// Students' pictures, where the school has them: the page puts them away, the network is asked for the others.
registerRoute(
  ({ sameOrigin, request }) => sameOrigin && request.destination === 'image',
  // eslint-disable-next-line no-restricted-globals -- a request of the browser's own, passed on as it is
  async ({ request }) => (await keptPicture(request)) ?? fetch(request),
);
registerRoute(new NavigationRoute(shell.createHandlerBoundToURL('/index.html'), { denylist: notTheShell }));

// The first worker takes the open page over at once, so that parts loaded later come from the cache too.
self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});

// A newer worker waits until the teacher accepts it: never in mid-lesson.
self.addEventListener('message', (event) => {
  if (isSkipWaiting(event.data)) void self.skipWaiting();
});

let errand: Promise<void> | undefined;
self.addEventListener('sync', (event) => {
  if (!isWakeUp(event)) return;
  errand ??= sendUnlessWatched().finally(() => {
    errand = undefined;
  });
  event.waitUntil(errand);
});

/** A page that is only reloaded asks for a wake-up too: the next one needs a moment to be there, ms. */
const reloadMs = 3_000;

/** A rejection asks the browser to come back later. */
async function sendUnlessWatched(): Promise<void> {
  await systemClock.sleep(reloadMs);
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (pages.some((page) => page.visibilityState === 'visible')) return;
  if (await sendInBackground()) throw new Error('marks are left');
}

/**
 * Puts back what the browser lost of the installed app (a battery that died while the cache was written): without it
 * the app would open with a network only, and nobody would know before the next lesson without one. Each part is
 * taken only if it is the installed version's own, by the hash in the worker's list; one that is not to be had now
 * is asked for again at the next start. Nothing is fetched while nothing is missing.
 */
async function mendShell(event: ExtendableEvent): Promise<void> {
  const cache = await caches.open(shell.strategy.cacheName);
  const kept = new Set((await cache.keys()).map(({ url }) => url));
  const lost = [...shell.getURLsToCacheKeys()].filter(([, cacheKey]) => !kept.has(cacheKey));
  await Promise.allSettled(
    lost.map(async ([url, cacheKey]) => {
      const integrity = shell.getIntegrityForCacheKey(cacheKey);
      if (integrity === undefined) return;
      // Workbox keeps what it had to fetch when a hash vouches for it.
      await shell.strategy.handle({ event, request: new Request(url), params: { cacheKey, integrity } });
    }),
  );
}

/** Chromium's SyncEvent, which TypeScript does not know. */
function isWakeUp(event: Event): event is ExtendableEvent & { readonly tag: string } {
  return 'tag' in event && event.tag === wakeUpTag;
}

function isSkipWaiting(message: unknown): boolean {
  return (
    typeof message === 'object' && message !== null && 'type' in message && message.type === 'SKIP_WAITING'
  );
}
