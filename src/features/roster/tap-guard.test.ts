import { expect, it } from 'vitest';
import type { UserId } from '#domain/ids.ts';
import { TapGuard } from './tap-guard.ts';

const ada = 'ada' as UserId;
const ben = 'ben' as UserId;

it('catches a second tap on the same button within a moment, and lets a later one through', () => {
  const guard = new TapGuard();
  expect(guard.allows(ada, true, 1000)).toBe(true);
  expect(guard.allows(ada, true, 1060)).toBe(false);
  expect(guard.allows(ada, true, 1300)).toBe(true);
});

it('goes on catching a finger that keeps bouncing', () => {
  const guard = new TapGuard();
  guard.allows(ada, true, 0);
  expect([50, 100, 150, 200, 250].map((atMs) => guard.allows(ada, true, atMs))).not.toContain(true);
});

it('lets a correction on the other button through sooner', () => {
  const guard = new TapGuard();
  guard.allows(ada, true, 0);
  expect(guard.allows(ada, false, 50)).toBe(false);
  expect(guard.allows(ada, true, 160)).toBe(true);
});

it('does not mix up students', () => {
  const guard = new TapGuard();
  guard.allows(ada, true, 0);
  expect(guard.allows(ben, true, 10)).toBe(true);
});
