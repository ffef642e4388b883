import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { AccountId } from '#domain/ids.ts';
import type { HeldLock } from './lock.ts';
import { webLock } from './web-lock.ts';

/* The lock on the browser's own Web Locks and channels. Each `tab` is a place of its own in the queue. */

const newAccount = () => `test/${crypto.randomUUID()}` as AccountId;

function tab(
  account: AccountId,
  { visible = true, onWanted }: { visible?: boolean; onWanted?: () => void } = {},
) {
  const leaving = new AbortController();
  const waiting = vi.fn();
  const view = { visible };
  const held: Promise<HeldLock | undefined> = webLock(account).acquire({
    signal: leaving.signal,
    maySteal: () => view.visible,
    onWaiting: waiting,
    ...(onWanted === undefined ? {} : { onWanted }),
  });
  onTestFinished(async () => {
    leaving.abort();
    (await held)?.release();
  });
  return { held, waiting, view, leave: () => leaving.abort() };
}

/** A page that holds the lock and no longer runs: it answers nothing. */
async function frozenHolder(account: AccountId): Promise<{ lost: Promise<unknown> }> {
  const granted = new AbortController();
  const until = new Promise<void>((resolve) => {
    onTestFinished(() => {
      resolve();
    });
  });
  const lost = navigator.locks
    .request(`tapmark-sync:${account}`, () => {
      granted.abort();
      return until;
    })
    .catch((error: unknown) => error);
  await vi.waitFor(() => {
    expect(granted.signal.aborted).toBe(true);
  });
  return { lost };
}

describe('the sender’s lock of a real browser', () => {
  it('#55 two tabs, or page and service worker: one has it, the next gets it when it is free', async () => {
    const account = newAccount();
    const first = tab(account);
    const held = await first.held;
    const second = tab(account, { visible: false });
    await vi.waitFor(() => {
      expect(second.waiting).toHaveBeenCalledOnce();
    });
    expect(held?.lost.aborted).toBe(false);
    held?.release();
    expect(await second.held).toBeDefined();
  });

  it('#56 sender frozen with the lock: a visible tab takes it, and the frozen one has lost it', async () => {
    const account = newAccount();
    const frozen = await frozenHolder(account);
    const visible = tab(account);
    expect((await visible.held)?.lost.aborted).toBe(false);
    expect(await frozen.lost).toBeInstanceOf(DOMException);
  });

  it('#56 a holder that answers keeps the lock, however long somebody waits', async () => {
    const account = newAccount();
    const held = await tab(account).held;
    const second = tab(account);
    // Two pings and more.
    await new Promise((resolve) => setTimeout(resolve, 11_000));
    expect(held?.lost.aborted).toBe(false);
    second.leave();
    expect(await second.held).toBeUndefined();
  });

  it('#72 tells the holder that somebody who can be seen waits for it, and only then', async () => {
    const account = newAccount();
    const wanted = vi.fn();
    await tab(account, { onWanted: wanted }).held;
    const hidden = tab(account, { visible: false });
    await vi.waitFor(() => {
      expect(hidden.waiting).toHaveBeenCalled();
    });
    expect(wanted).not.toHaveBeenCalled();
    tab(account);
    await vi.waitFor(() => {
      expect(wanted).toHaveBeenCalled();
    });
  });

  it('hands a poke to the holder', async () => {
    const account = newAccount();
    const held = await tab(account).held;
    const poked = vi.fn();
    held?.onPoke(poked);
    webLock(account).poke();
    await vi.waitFor(() => {
      expect(poked).toHaveBeenCalledOnce();
    });
  });

  it('#59 page on its way into the back/forward cache: the lock counts as lost', async () => {
    const account = newAccount();
    const held = await tab(account).held;
    dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
    expect(held?.lost.aborted).toBe(true);
    expect(await tab(account).held).toBeDefined();
  });
});
