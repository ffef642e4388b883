import { expect, test } from 'vitest';
import { createVault, randomToken } from './vault.ts';

const vault = createVault('a secret of at least thirty-two characters');

test('unlocks what it locked, for the same purpose, with the same secret', () => {
  const locked = vault.lock('Zoë 👩🏽‍🏫', 'session 1');
  expect(vault.unlock(locked, 'session 1')).toBe('Zoë 👩🏽‍🏫');
  expect(vault.unlock(locked, 'session 2')).toBeUndefined();
  expect(createVault('another secret of thirty-two characters').unlock(locked, 'session 1')).toBeUndefined();
  expect(vault.lock('same', 'x')).not.toBe(vault.lock('same', 'x'));
});

test('unlocks nothing that was changed, at any place', () => {
  const bytes = Buffer.from(vault.lock('token', 'x'), 'base64url');
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(vault.unlock(changed.toString('base64url'), 'x')).toBeUndefined();
  }
  for (const nonsense of ['', 'x', '!'.repeat(99), 'é']) expect(vault.unlock(nonsense, 'x')).toBeUndefined();
});

test('seals with a key of its own', () => {
  expect(vault.seal('a')).toMatch(/^[\w-]{43}$/);
  expect(vault.seal('a')).toBe(vault.seal('a'));
  expect(vault.seal('a')).not.toBe(vault.seal('b'));
  expect(new Set(Array.from({ length: 100 }, randomToken)).size).toBe(100);
});
