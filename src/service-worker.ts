/// <reference lib="webworker" />
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
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

const notTheShell = [/^\/api\//, /^\/tapmark\//, /^\/login\//, /^\/healthz/];

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
// Students' pictures, where the school has them: the page puts them away, the network is asked for the others.
registerRoute(
  ({ sameOrigin, request }) => sameOrigin && request.destination === 'image',
  // eslint-disable-next-line no-restricted-globals -- a request of the browser's own, passed on as it is
  async ({ request }) => (await keptPicture(request)) ?? fetch(request),
);
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: notTheShell }));

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

/** Chromium's SyncEvent, which TypeScript does not know. */
function isWakeUp(event: Event): event is ExtendableEvent & { readonly tag: string } {
  return 'tag' in event && event.tag === wakeUpTag;
}

function isSkipWaiting(message: unknown): boolean {
  return (
    typeof message === 'object' && message !== null && 'type' in message && message.type === 'SKIP_WAITING'
  );
}
