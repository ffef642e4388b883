/* Where the outside world may be touched: the network, the database, the time, chance. Everywhere else they are handed in. */

const tests = ['src/**/*.test.{ts,tsx}', 'src/testing/**', 'e2e/**'];

const network = ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource'].map((name) => ({
  name,
  message: 'The network is reached in canvas/ and server/gateway/ only; take a function that fetches.',
}));

const time = [
  { object: 'Date', property: 'now', message: 'Take a Clock (lib/clock.ts).' },
  { object: 'performance', property: 'now', message: 'Take a Clock (lib/clock.ts).' },
  { object: 'Math', property: 'random', message: 'Take a Random (lib/random.ts).' },
  { object: 'crypto', property: 'randomUUID', message: 'Take a Random (lib/random.ts).' },
];

const now = {
  selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
  message: 'Take a Clock (lib/clock.ts).',
};
const shape = [
  { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
  { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file that has it.' },
];

const packages = {
  dexie: {
    regex: '^(dexie|dexie-react-hooks|fake-indexeddb)(/|$)',
    message: 'Dexie is known in store/ only.',
  },
  node: { regex: '^node:', message: 'This folder also runs in the browser.' },
  react: {
    regex: '^(react|react-dom|wouter|zustand|@tanstack/|react-aria)',
    message: 'This folder knows no screen.',
  },
  acrossFolders: {
    regex: '^(\\.\\./)+(app|features|ui|sync|store|canvas|domain|lib|server|testing)/',
    message: 'Across folders import by #folder/file.ts, so that a layer crossing shows.',
  },
};
const onlyWithout = (...names) => ['error', { patterns: names.map((name) => packages[name]) }];

export const effects = [
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: tests,
    rules: {
      'no-restricted-globals': ['error', ...network],
      'no-restricted-properties': ['error', ...time],
      'no-restricted-syntax': ['error', ...shape, now],
      'no-restricted-imports': onlyWithout('dexie', 'node', 'acrossFolders'),
    },
  },
  {
    files: ['src/{sync,canvas,domain,lib}/**/*.ts'],
    ignores: tests,
    rules: { 'no-restricted-imports': onlyWithout('dexie', 'node', 'react', 'acrossFolders') },
  },
  {
    files: ['src/store/**'],
    ignores: tests,
    rules: { 'no-restricted-imports': onlyWithout('node', 'acrossFolders') },
  },
  {
    files: ['src/server/**'],
    ignores: tests,
    rules: { 'no-restricted-imports': onlyWithout('dexie', 'react', 'acrossFolders') },
  },
  { files: ['src/{canvas,server/gateway}/**'], rules: { 'no-restricted-globals': 'off' } },
  {
    files: ['src/lib/**'],
    rules: { 'no-restricted-properties': 'off', 'no-restricted-syntax': ['error', ...shape] },
  },
];
