import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from './clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function settled(promise: Promise<void>): Promise<boolean> {
  let done = false;
  void promise.then(() => (done = true));
  await vi.advanceTimersByTimeAsync(0);
  return done;
}

test('sleeps until the time is over', async () => {
  const sleeping = systemClock.sleep(1000);
  await vi.advanceTimersByTimeAsync(999);
  expect(await settled(sleeping)).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await settled(sleeping)).toBe(true);
});

test('wakes at once when its signal aborts, before or during the sleep', async () => {
  const early = new AbortController();
  early.abort();
  expect(await settled(systemClock.sleep(1000, early.signal))).toBe(true);

  const late = new AbortController();
  const sleeping = systemClock.sleep(1000, late.signal);
  expect(await settled(sleeping)).toBe(false);
  late.abort();
  expect(await settled(sleeping)).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test('does not wake at once from a sleep longer than a timer can hold', async () => {
  const sleeping = systemClock.sleep(60 * 24 * 60 * 60 * 1000);
  await vi.advanceTimersByTimeAsync(24 * 60 * 60 * 1000);
  expect(await settled(sleeping)).toBe(false);
});
