/** The service worker answers from it (`service-worker.ts`). */
export const pictureCache = 'tapmark-pictures';

/**
 * Puts the pictures of a class away for the times without a network, one after the other, so that nothing else has
 * to wait for them. What cannot be had now is tried again the next time the class is opened.
 * @returns ends it
 */
export function keepPictures(pictures: readonly string[]): () => void {
  let isOver = false;
  const keep = async () => {
    const cache = await caches.open(pictureCache);
    for (const picture of pictures) {
      if (isOver) return;
      if ((await cache.match(picture)) === undefined) await cache.add(picture).catch(() => undefined);
    }
  };
  // Without a secure address there are no caches, and the pictures come from the network as ever.
  if ('caches' in globalThis) void keep().catch(() => undefined);
  return () => {
    isOver = true;
  };
}
