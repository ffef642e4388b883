import { beforeEach, expect, test } from 'vitest';
import { ScreenLedger } from './screen-ledger.ts';

let ledger: ScreenLedger;
let life: string;
beforeEach(() => {
  ledger = new ScreenLedger();
  life = 'first';
});

const where = { lane: '/a', student: '101' };
function tap(atMs = 0) {
  ledger.report({ kind: 'tap', life, ...where, passed: true, atMs });
}
function tile(tries: number, words: 'saving' | 'saved' | 'failed' | 'none' = 'saved') {
  ledger.report({
    kind: 'tile',
    life,
    ...where,
    tries,
    saved: words === 'saved',
    failed: words === 'failed',
  });
}
const saved = () => ledger.taps.map((one) => one.saved);

test('a tap counts as saved from the tile that says so', () => {
  tile(0, 'none');
  tap();
  tile(1, 'saving');
  expect(saved()).toEqual([false]);
  tile(1);
  expect(saved()).toEqual([true]);
});

test('what a tile says of the mark before is not said of the tap after', () => {
  tile(0, 'none');
  tap();
  tile(1);
  tap();
  // "waiting" turned into "in Canvas" before the second tap was painted.
  tile(1);
  expect(saved()).toEqual([true, false]);
  tile(2, 'saving');
  tile(2);
  expect(saved()).toEqual([true, true]);
});

test('marks that were on the tile before are not taken for the taps of this life', () => {
  tile(0, 'none');
  tap();
  life = 'second';
  tile(1);
  tap();
  tile(1);
  expect(saved()).toEqual([false, false]);
  tile(2);
  expect(saved()).toEqual([false, true]);
});

test('a tile that counts fewer marks after a restart than it had called saved has forgotten', () => {
  tile(0, 'none');
  tap();
  tile(1);
  life = 'second';
  tile(0, 'none');
  expect(ledger.forgotten).toEqual([{ ...where, calledSaved: 1, shown: 0 }]);
});

test('a tap that was not saved is counted, and nothing of that tile is claimed any more', () => {
  tile(0, 'none');
  tap();
  tile(0, 'failed');
  tap();
  tile(1, 'failed');
  tile(1);
  expect([ledger.failures, saved()]).toEqual([1, [false, false]]);
});

test('a tap that a browser did not live to report was made, and nobody called it saved', () => {
  tile(0, 'none');
  ledger.touch({ ...where, passed: true, atMs: 5 });
  ledger.browserDied();
  expect(ledger.taps).toEqual([{ n: 1, ...where, passed: true, atMs: 5, saved: false }]);
});

test('a tap that was reported is not counted again when the browser dies', () => {
  tile(0, 'none');
  ledger.touch({ ...where, passed: true, atMs: 5 });
  tap(6);
  ledger.browserDied();
  ledger.browserDied();
  expect(ledger.taps).toHaveLength(1);
});
