import { expect, test } from 'vitest';
import { shortHash } from './hash.ts';

test('hashes as FNV-1a does', () => {
  expect(shortHash('')).toBe(0xcbf29ce484222325n.toString(36));
  // Published test vector of FNV-1a 64: "foobar" → 85944171f73967e8.
  expect(shortHash('foobar')).toBe(0x85944171f73967e8n.toString(36));
});

test('gives thirteen characters for any text', () => {
  for (const text of ['', 'a', 'مرحبا', '😀'.repeat(100)]) expect(shortHash(text)).toMatch(/^[0-9a-z]{13}$/);
});
