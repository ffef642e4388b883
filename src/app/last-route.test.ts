import { describe, expect, it } from 'vitest';
import { restored } from './last-route.ts';

const monday = new Date(2026, 10, 23, 10, 15).getTime();
const tuesday = new Date(2026, 10, 24, 8, 0).getTime();
const grid = '/courses/7/2026-11-23,outcome_52';

describe('the route to begin with', () => {
  it('is the same class later in the day', () => {
    expect(restored({ path: grid, at: monday }, monday + 3_600_000)).toBe(grid);
  });

  it('is the list of courses on the next day, whose marks belong to another assessment', () => {
    expect(restored({ path: grid, at: monday }, tuesday)).toBe('/');
  });

  it.each(['/', '/courses/7', '/settings', '//evil.example/x', '/courses/7/a/b', 'https://evil.example'])(
    'is the list of courses after %s',
    (path) => {
      expect(restored({ path, at: monday }, monday)).toBe('/');
    },
  );
});
