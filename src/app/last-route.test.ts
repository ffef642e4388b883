import { describe, expect, it } from 'vitest';
import { restored } from './last-route.ts';

const monday = new Date(2026, 10, 23, 10, 15).getTime();
const tuesday = new Date(2026, 10, 24, 8, 0).getTime();
const grid = '/courses/7/2026-11-23,outcome_52';

function stored(path: unknown, at: unknown = monday): string {
  return JSON.stringify({ path, at });
}

describe('the route to begin with', () => {
  it('is the same class later in the day', () => {
    expect(restored(stored(grid), monday + 3_600_000)).toBe(grid);
  });

  it('is the course on the next day, whose marks belong to another assessment', () => {
    expect(restored(stored(grid), tuesday)).toBe('/courses/7');
    expect(restored(stored('/courses/7'), tuesday)).toBe('/courses/7');
  });

  it.each([
    null,
    '',
    'no json',
    '[]',
    '{"path":1,"at":2}',
    stored('/settings'),
    stored('//evil.example/x'),
    stored('/courses/7/a/b'),
  ])('is the list of courses when %s was remembered', (text) => {
    expect(restored(text, monday)).toBe('/');
  });
});
