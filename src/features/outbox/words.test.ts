import { describe, expect, it } from 'vitest';
import type { SyncPhase, SyncStatus } from '#sync/status.ts';
import { countdownWords, needsYouWords, spokenLine, syncLine } from './words.ts';
import type { OpenFacts } from './words.ts';

const now = new Date(2026, 10, 23, 10, 42).getTime();

function facts(open: Partial<OpenFacts> = {}): OpenFacts {
  const none = { nextReleaseAt: undefined, lastConfirmedAt: undefined };
  return { held: 0, waiting: 12, needsTeacher: 0, unreadable: 0, ...none, ...open };
}
function status(phase: SyncPhase, needsYou = 0): SyncStatus {
  return { waiting: 12, confirmed: 0, needsYou, ...phase };
}
function words(phase: SyncPhase, open: Partial<OpenFacts> = {}): string {
  const { head, tail, until } = syncLine(status(phase), facts(open), now);
  const rest = until === undefined ? tail : countdownWords(until, now);
  return [head, rest].filter((part) => part !== undefined).join(' · ');
}

describe('the sync region', () => {
  it('says what the table of the design says', () => {
    expect(words({ kind: 'held', until: now + 100_000 })).toBe('12 saved here · goes to Canvas in 1:40');
    expect(words({ kind: 'held' })).toBe('12 saved here · goes to Canvas at the end of the round');
    expect(words({ kind: 'no-network' })).toBe('12 saved here · no network');
    expect(words({ kind: 'wifi-sign-in' })).toBe('12 saved here · the Wi-Fi wants you to sign in');
    expect(words({ kind: 'canvas-down' })).toBe('12 saved here · Canvas is not answering');
    expect(words({ kind: 'signed-out' })).toBe('12 saved here · sign in to send them');
    expect(words({ kind: 'waiting' })).toBe('12 saved here · waiting');
    expect(words({ kind: 'sending', sending: 3 })).toBe('12 saved here · sending');
    expect(words({ kind: 'checking', checking: 3 })).toBe('12 saved here · checking with Canvas');
    expect(words({ kind: 'other-tab' })).toBe('12 saved here · another window sends them');
    expect(words({ kind: 'canvas-busy', until: now })).toMatch(
      /^12 saved here · Canvas is busy, again at 10:42/,
    );
    expect(words({ kind: 'storage-failed' })).toBe('12 saved here · this device cannot write any more');
    expect(words({ kind: 'all-in-canvas', at: now }, { waiting: 0 })).toMatch(/^All in Canvas · 10:42/);
    expect(words({ kind: 'nothing' }, { waiting: 0 })).toBe('Nothing to send');
  });

  it('believes the store about a mark the sender has not heard of yet', () => {
    expect(words({ kind: 'nothing' }, { held: 1, waiting: 1, nextReleaseAt: now + 5_000 })).toBe(
      '1 saved here · goes to Canvas in 0:05',
    );
    expect(words({ kind: 'all-in-canvas', at: now }, { held: 1, waiting: 1 })).toMatch(/^1 saved here/);
    expect(words({ kind: 'sending', sending: 3 }, { waiting: 0, lastConfirmedAt: now })).toMatch(
      /^All in Canvas/,
    );
  });

  it('never says that all is in Canvas while something was refused or cannot be read', () => {
    const refused = syncLine(
      status({ kind: 'all-in-canvas', at: now }),
      facts({ waiting: 0, needsTeacher: 1 }),
      now,
    );
    expect(refused).toMatchObject({ kind: 'needs-you', needsYou: 1 });
    const garbled = syncLine(
      status({ kind: 'all-in-canvas', at: now }),
      facts({ waiting: 0, unreadable: 2 }),
      now,
    );
    expect(garbled).toMatchObject({ kind: 'needs-you', needsYou: 2 });
  });

  it('offers to send what is held', () => {
    expect(syncLine(status({ kind: 'held' }), facts({ held: 2 }), now).canSend).toBe(true);
    expect(syncLine(status({ kind: 'waiting' }), facts(), now).canSend).toBe(false);
  });

  it('counts those who need the teacher', () => {
    expect(needsYouWords(1)).toBe('1 needs you');
    expect(needsYouWords(3)).toBe('3 need you');
    expect(syncLine(status({ kind: 'waiting' }, 2), facts({ needsTeacher: 1 }), now).needsYou).toBe(2);
  });

  it('says when a countdown is over', () => {
    expect(countdownWords(now, now)).toBe('going to Canvas');
    expect(countdownWords(now + 1, now)).toBe('goes to Canvas in 0:01');
  });
});

describe('what is said aloud', () => {
  const spoken = (phase: SyncPhase, open: Partial<OpenFacts> = {}) =>
    spokenLine(syncLine(status(phase), facts(open), now));

  it('is silent while marks are held and sent', () => {
    expect(spoken({ kind: 'held', until: now + 1000 })).toBe('');
    expect(spoken({ kind: 'sending', sending: 2 })).toBe('');
  });

  it('tells what is in the way, what has arrived and what needs the teacher', () => {
    expect(spoken({ kind: 'no-network' })).toBe('no network');
    expect(spoken({ kind: 'all-in-canvas', at: now }, { waiting: 0 })).toBe('All in Canvas');
    expect(spoken({ kind: 'waiting' }, { needsTeacher: 1 })).toBe('1 needs you');
  });
});
