import { fileURLToPath } from 'node:url';

/* Who may import whom. `testing` may import anything, and only tests import `testing`. */
const mayImport = {
  lib: [],
  domain: ['lib'],
  canvas: ['domain', 'lib'],
  store: ['domain', 'lib'],
  sync: ['store', 'canvas', 'domain', 'lib'],
  ui: ['lib'],
  features: ['ui', 'sync', 'store', 'canvas', 'domain', 'lib'],
  app: ['features', 'ui', 'sync', 'store', 'canvas', 'domain', 'lib'],
  entry: ['app', 'features', 'ui', 'sync', 'store', 'canvas', 'domain', 'lib'],
  server: ['canvas', 'domain', 'lib'],
};
const folders = [...Object.keys(mayImport).filter((folder) => folder !== 'entry'), 'testing'];
const everything = [...folders, 'entry', 'e2e'];

const elements = [
  ...folders.map((folder) => ({ type: folder, pattern: `src/${folder}` })),
  { type: 'entry', pattern: 'src' },
  { type: 'e2e', pattern: 'e2e' },
];
const tests = { category: 'test', pattern: 'src/**/*.test.{ts,tsx}' };

const allow = (from, to) => ({ from, allow: { to: { element: { types: { anyOf: to } } } } });

/** The table above as a configuration of eslint-plugin-boundaries. */
export const directions = (boundaries) => ({
  files: ['src/**/*.ts', 'src/**/*.tsx', 'e2e/**/*.ts'],
  plugins: { boundaries },
  settings: {
    'boundaries/elements': elements,
    'boundaries/files': [tests],
    'boundaries/root-path': fileURLToPath(new URL('..', import.meta.url)),
    'import/resolver': { [fileURLToPath(new URL('./import-resolver.cjs', import.meta.url))]: {} },
  },
  rules: {
    'boundaries/no-unknown-files': 'error',
    'boundaries/dependencies': [
      'error',
      {
        default: 'disallow',
        policies: [
          ...Object.entries(mayImport).map(([from, to]) => allow({ element: { type: from } }, [from, ...to])),
          allow({ element: { types: { anyOf: ['testing', 'e2e'] } } }, everything),
          allow({ file: { categories: 'test' } }, everything),
          // What does not come from this repository is ruled by eslint-effects.js.
          { allow: { to: { module: { origin: ['external', 'core'] } } } },
        ],
      },
    ],
  },
});
