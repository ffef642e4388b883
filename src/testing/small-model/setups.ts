import type { FaultKind } from './happening.ts';
import type { Setup } from './setup.ts';

const anywhere: readonly FaultKind[] = [
  'crash',
  'freeze',
  'lock-lost',
  'hold',
  'answer-lost',
  'read-lost',
  'no-connection',
  'short-read',
  'lag',
  'refused',
];
/** Behind a gateway a browser may repeat a POST below `fetch` without a second row (R2). */
const behindGateway: readonly FaultKind[] = [...anywhere, 'repeat'];

const together = { secondTap: 'with the first', undo: false } as const;
const apart = { secondTap: 'any time', undo: true } as const;

/**
 * What is explored in full: two marks, two tabs, three attempts, and everything that may go wrong, in every order.
 * Under the assumptions of §2 first, then with each taken away.
 */
export const setups: readonly Setup[] = [
  { ...together, name: 'a gateway', gateway: true, kinds: [...behindGateway, 'restore'], faults: 1 },
  { ...together, name: 'no gateway', gateway: false, kinds: [...anywhere, 'restore'], faults: 2 },
  {
    ...apart,
    name: 'a gateway, the second mark saved and undone at any time',
    gateway: true,
    kinds: behindGateway,
    faults: 0,
  },
  {
    ...apart,
    name: 'no gateway, the second mark saved and undone at any time',
    gateway: false,
    kinds: anywhere,
    faults: 0,
  },
  {
    ...together,
    name: 'a gateway, an undo at any time',
    gateway: true,
    undo: true,
    kinds: behindGateway,
    faults: 1,
  },
  {
    ...together,
    name: 'no gateway, an undo at any time',
    gateway: false,
    undo: true,
    kinds: anywhere,
    faults: 1,
  },
  {
    ...together,
    name: 'a gateway, without A1',
    gateway: true,
    broken: 'A1',
    kinds: ['hold', 'crash'],
    faults: 2,
  },
  {
    ...together,
    name: 'no gateway, without A1',
    gateway: false,
    broken: 'A1',
    kinds: ['hold', 'crash'],
    faults: 2,
  },
  {
    ...together,
    name: 'no gateway, without A2',
    gateway: false,
    broken: 'A2',
    kinds: ['repeat', 'crash', 'answer-lost'],
    faults: 2,
  },
  {
    ...together,
    name: 'a gateway, without A3',
    gateway: true,
    broken: 'A3',
    kinds: ['lag', 'answer-lost', 'crash'],
    faults: 2,
  },
  {
    ...together,
    name: 'no gateway, without A3',
    gateway: false,
    broken: 'A3',
    kinds: ['lag', 'answer-lost', 'crash'],
    faults: 2,
  },
];

/** Explored a second time in every order there is: nothing may come of it that the reduced exploration did not see. */
export const reductions: readonly Setup[] = setups
  .slice(0, 2)
  .map((setup) => ({ ...setup, name: `every order: ${setup.name}`, faults: 1 }));
