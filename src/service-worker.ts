/// <reference lib="webworker" />
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

declare const self: ServiceWorkerGlobalScope;

/*
 * Keeps the app's shell, so that it opens with no network. It holds no marks, repeats no request and answers
 * nothing under /api/, /tapmark/, /login/ and /healthz: those belong to the page and the school's server.
 */

const notTheShell = [/^\/api\//, /^\/tapmark\//, /^\/login\//, /^\/healthz/];

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: notTheShell }));

// The first worker takes the open page over at once, so that parts loaded later come from the cache too.
self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});

// A newer worker waits until the teacher accepts it: never in mid-lesson.
self.addEventListener('message', (event) => {
  if (isSkipWaiting(event.data)) void self.skipWaiting();
});

function isSkipWaiting(message: unknown): boolean {
  return (
    typeof message === 'object' && message !== null && 'type' in message && message.type === 'SKIP_WAITING'
  );
}
