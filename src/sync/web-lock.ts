import type { AccountId } from '#domain/ids.ts';
import type { HeldLock, SenderLock } from './lock.ts';
import { stealAfterMs } from './parameters.ts';

/*
 * The sender's lock of the browser: Web Lock `tapmark-sync:<account>`, and a channel of the same name on which a
 * waiting tab asks the holder whether it is alive (sync protocol §8.1, §8.2).
 *
 *   waiting ──ping──▶ holder          a holder that answers keeps the lock, however slow it is
 *   waiting ◀──pong── holder          a frozen one does not answer: after 5 s a visible tab takes the lock
 *   any tab ──poke──▶ holder          there may be work
 *
 * Only a visible page pings, so a ping also says that somebody is looking: a service worker then makes room.
 */

type Message = { readonly kind: 'ping' | 'pong' | 'poke' };

/** What it needs of the browser, so that a test can hand in less. */
export interface LockBrowser {
  readonly locks: Pick<LockManager, 'request'>;
  readonly channel: (name: string) => BroadcastChannel;
}

const browser: LockBrowser = {
  get locks() {
    return navigator.locks;
  },
  channel: (name) => new BroadcastChannel(name),
};

/** The sender's lock of one account in this browser. */
export function webLock(account: AccountId, { locks, channel }: LockBrowser = browser): SenderLock {
  const name = `tapmark-sync:${account}`;
  return {
    async acquire({ signal, maySteal, onWaiting, onWanted }) {
      const waiting = new AbortController();
      const stopWaiting = () => {
        waiting.abort();
      };
      signal.addEventListener('abort', stopWaiting, { once: true });
      if (signal.aborted) stopWaiting();
      const line = channel(name);
      const watch = watchHolder(line, maySteal, () => {
        waiting.abort(steal);
      });
      const held = await obtain({ locks, name, line, onWanted }, { waiting: waiting.signal, onWaiting });
      watch.stop();
      signal.removeEventListener('abort', stopWaiting);
      if (held === undefined) line.close();
      return held;
    },
    poke() {
      const line = channel(name);
      line.postMessage({ kind: 'poke' } satisfies Message);
      line.close();
    },
  };
}

interface Place {
  readonly locks: LockBrowser['locks'];
  readonly name: string;
  readonly line: BroadcastChannel;
  readonly onWanted: (() => void) | undefined;
}

/** At once if it is free, else in the queue, else by taking it. @returns undefined when the waiting was given up */
async function obtain(
  place: Place,
  how: { readonly waiting: AbortSignal; readonly onWaiting: () => void },
): Promise<HeldLock | undefined> {
  const free = await request(place, { ifAvailable: true });
  if (free !== undefined) return free;
  how.onWaiting();
  const queued = await request(place, { signal: how.waiting });
  if (queued !== undefined || how.waiting.reason !== steal) return queued;
  return request(place, { steal: true });
}

/** Why a tab stopped queuing: to take the lock instead. */
const steal = 'steal';

/** @returns the lock once it is held; undefined when it is not to be had this way */
function request(place: Place, options: LockOptions): Promise<HeldLock | undefined> {
  return new Promise((resolve) => {
    const lost = new AbortController();
    const held = (lock: Lock | null): Promise<void> | undefined => {
      if (lock !== null)
        return new Promise((release) => {
          resolve(holding(place, lost, release));
        });
      resolve(undefined);
      return undefined;
    };
    place.locks.request(place.name, options, held).then(
      () => undefined,
      // Before it was held: given up, or refused by the browser. After: taken away.
      () => {
        lost.abort();
        resolve(undefined);
      },
    );
  });
}

function holding({ line: channel, onWanted }: Place, lost: AbortController, release: () => void): HeldLock {
  let poked: () => void = () => undefined;
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (lost.signal.aborted) return;
    if (data.kind === 'ping') {
      channel.postMessage({ kind: 'pong' } satisfies Message);
      onWanted?.();
    }
    if (data.kind === 'poke') poked();
  };
  // A page in the back/forward cache may be told nothing of what becomes of its locks: it counts them as gone.
  const cached = (event: Event) => {
    if ('persisted' in event && event.persisted === true) lost.abort();
  };
  globalThis.addEventListener('pagehide', cached);
  const close = () => {
    globalThis.removeEventListener('pagehide', cached);
    channel.close();
    release();
  };
  lost.signal.addEventListener('abort', close, { once: true });
  return {
    lost: lost.signal,
    onPoke: (listener) => {
      poked = listener;
    },
    release: () => {
      lost.signal.removeEventListener('abort', close);
      close();
    },
  };
}

/** A holder that has only just got the lock may have missed the first ping. */
const pingEveryMs = 1_000;

/** Pings the holder again and again while this tab may steal, and tells when it leaves a ping unanswered. */
function watchHolder(
  channel: BroadcastChannel,
  maySteal: () => boolean,
  onSilence: () => void,
): { stop(): void } {
  let unanswered = 0;
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind === 'pong') unanswered = 0;
  };
  const ping = () => {
    if (!maySteal()) {
      unanswered = 0;
      return;
    }
    if (unanswered * pingEveryMs >= stealAfterMs) onSilence();
    unanswered += 1;
    channel.postMessage({ kind: 'ping' } satisfies Message);
  };
  const timer = setInterval(ping, pingEveryMs);
  ping();
  return {
    stop: () => {
      clearInterval(timer);
    },
  };
}
