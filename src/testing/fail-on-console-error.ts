import { afterEach, beforeEach, expect, vi, type MockInstance } from 'vitest';

/*
 * A stray console.error or console.warn fails the test that caused it. A test that expects one says so:
 * `const error = vi.spyOn(console, 'error').mockImplementation(() => undefined)`, then asserts on the spy.
 */
let stray: string[] = [];
let spies: MockInstance[] = [];

beforeEach(() => {
  stray = [];
  spies = (['error', 'warn'] as const).map((level) => {
    const print = console[level].bind(console);
    return vi.spyOn(console, level).mockImplementation((...words: unknown[]) => {
      stray.push(`console.${level}: ${words.map(String).join(' ')}`);
      print(...words);
    });
  });
});

afterEach(() => {
  for (const spy of spies) spy.mockRestore();
  expect(stray).toEqual([]);
});
