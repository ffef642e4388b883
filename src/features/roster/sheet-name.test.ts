import { expect, test } from 'vitest';
import { nameInSheet } from './sheet-name.ts';

const ada = { name: 'Ada Lovelace', initials: 'AL' };

test('a sheet says the name, also while results are hidden', () => {
  expect(nameInSheet(ada, undefined)).toBe('Ada Lovelace');
  expect(nameInSheet(ada, 'results')).toBe('Ada Lovelace');
});

test('while names are hidden a sheet says initials, or that it is somebody', () => {
  expect(nameInSheet(ada, 'names')).toBe('AL');
  expect(nameInSheet({ name: '🦊', initials: '' }, 'names')).toBe('A student');
});
