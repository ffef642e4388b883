import { describe, expect, it } from 'vitest';
import { deriveStatus, type SyncFacts } from './status.ts';

const quiet: SyncFacts = {
  role: 'sender',
  held: 0,
  queued: 0,
  inflight: 0,
  unknown: 0,
  confirmed: 0,
  refused: 0,
  stuckLanes: 0,
  movingLanes: 0,
  finding: 'reached',
  storageFailed: false,
};
const waiting = { queued: 5, movingLanes: 1 };

describe('the status', () => {
  it.each<[string, Partial<SyncFacts>, object]>([
    ['nothing was ever marked', {}, { kind: 'nothing', waiting: 0 }],
    ['all is in Canvas', { confirmed: 9, confirmedAt: 42 }, { kind: 'all-in-canvas', at: 42, confirmed: 9 }],
    ['marks are held back', { held: 3, releaseAt: 99 }, { kind: 'held', waiting: 3, until: 99 }],
    ['marks wait for the end of the round', { held: 3 }, { kind: 'held', waiting: 3 }],
    ['marks wait their turn', waiting, { kind: 'waiting', waiting: 5 }],
    ['a batch is on its way', { ...waiting, inflight: 20 }, { kind: 'sending', sending: 20, waiting: 25 }],
    ['an answer got lost', { unknown: 20, movingLanes: 1 }, { kind: 'checking', checking: 20 }],
    ['there is no network', { ...waiting, finding: 'no-network' }, { kind: 'no-network', waiting: 5 }],
    ['the Wi-Fi wants a sign-in', { ...waiting, finding: 'stranger' }, { kind: 'wifi-sign-in' }],
    ['Canvas is down', { ...waiting, finding: 'canvas-down' }, { kind: 'canvas-down' }],
    ['nobody is signed in', { ...waiting, finding: 'signed-out' }, { kind: 'signed-out' }],
    ['Canvas is busy', { ...waiting, throttledUntil: 7 }, { kind: 'canvas-busy', until: 7 }],
    ['another tab sends', { ...waiting, role: 'standby' }, { kind: 'other-tab', waiting: 5 }],
    ['a mark was refused', { refused: 1, confirmed: 4 }, { kind: 'needs-you', needsYou: 1, waiting: 0 }],
    ['a lane stands still', { queued: 5, stuckLanes: 1 }, { kind: 'needs-you', needsYou: 1, waiting: 5 }],
    ['the storage takes nothing', { ...waiting, storageFailed: true }, { kind: 'storage-failed' }],
  ])('when %s', (_what, facts, expected) => {
    expect(deriveStatus({ ...quiet, ...facts })).toMatchObject(expected);
  });

  it('says what needs the teacher also while other marks are on their way', () => {
    expect(deriveStatus({ ...quiet, ...waiting, refused: 2 })).toMatchObject({
      kind: 'waiting',
      needsYou: 2,
    });
  });

  it('does not call an obstacle what holds up nothing', () => {
    expect(deriveStatus({ ...quiet, confirmed: 3, finding: 'no-network' })).toMatchObject({
      kind: 'all-in-canvas',
    });
  });
});
