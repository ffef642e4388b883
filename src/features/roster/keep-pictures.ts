import type { AccountId } from '#domain/ids.ts';
import { systemClock } from '#lib/clock.ts';

/** Each account has a cache of its own, so that its pictures go with it. */
const cacheNames = 'tapmark-pictures';
/** A picture may change at the same address: after this it is fetched anew, ms. */
const freshForMs = 7 * 86_400_000;

interface PicturesToKeep {
  readonly account: AccountId;
  /** Of the class that is open. */
  readonly pictures: readonly string[];
  /** Of every class on this device; what is not among them is let go. */
  readonly everybodys: () => Promise<readonly string[]>;
}

/**
 * Puts the pictures of a class away for the times without a network, one after the other, so that nothing else has
 * to wait for them. What cannot be had now is tried again the next time the class is opened.
 * @returns ends it
 */
export function keepPictures({ account, pictures, everybodys }: PicturesToKeep): () => void {
  let isOver = false;
  const keep = async () => {
    await forgetPictures(account);
    const name = cacheOf(account);
    if (pictures.length === 0 && !(await caches.has(name))) return;
    const cache = await caches.open(name);
    await letGo(cache, await everybodys());
    for (const picture of pictures) {
      if (isOver) return;
      if (!isFresh(await cache.match(picture))) await cache.add(picture).catch(() => undefined);
    }
  };
  // Without a secure address there are no caches, and the pictures come from the network as ever.
  if ('caches' in globalThis) void keep().catch(() => undefined);
  return () => {
    isOver = true;
  };
}

/** Lets go of every picture that was put away. @param except the account that goes on. Never rejects. */
export async function forgetPictures(except?: AccountId): Promise<void> {
  if (!('caches' in globalThis)) return;
  const kept = except === undefined ? undefined : cacheOf(except);
  try {
    for (const name of await pictureCaches()) if (name !== kept) await caches.delete(name);
  } catch {
    // Where the browser does not let us look there is nothing of ours either.
  }
}

/** For the service worker: what was put away under this address. */
export async function keptPicture(request: Request): Promise<Response | undefined> {
  for (const cacheName of await pictureCaches()) {
    const kept = await caches.match(request, { cacheName });
    if (kept !== undefined) return kept;
  }
  return undefined;
}

function cacheOf(account: AccountId): string {
  return `${cacheNames} ${account}`;
}

async function pictureCaches(): Promise<readonly string[]> {
  return (await caches.keys()).filter((name) => name.startsWith(cacheNames));
}

async function letGo(cache: Cache, pictures: readonly string[]): Promise<void> {
  const wanted = new Set(pictures.map((picture) => new URL(picture, location.origin).href));
  for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request);
}

function isFresh(kept: Response | undefined): boolean {
  if (kept === undefined) return false;
  // Without a date it is as fresh as can be known.
  const at = Date.parse(kept.headers.get('date') ?? '');
  return Number.isNaN(at) || systemClock.wallMs() - at < freshForMs;
}
