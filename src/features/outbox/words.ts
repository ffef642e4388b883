import { readAtWords } from '#features/ages.ts';
import type { OpenCounts } from '#store/open-marks.ts';
import type { SyncPhase, SyncStatus } from '#sync/status.ts';

/** What the sync region shows: two halves of one sentence, "12 saved here · no network". */
export interface SyncLine {
  readonly kind: SyncPhase['kind'];
  readonly head: string;
  readonly tail?: string;
  /** Device time, ms, when marks go; the screen counts down to it. */
  readonly until?: number;
  /** How many marks or assessments wait for the teacher. */
  readonly needsYou: number;
  /** True when there are held marks that "send now" would send. */
  readonly canSend: boolean;
}

export type OpenFacts = Pick<
  OpenCounts,
  'held' | 'waiting' | 'needsTeacher' | 'unreadable' | 'nextReleaseAt' | 'lastConfirmedAt'
>;

/**
 * Puts the numbers of the store, which know of a tap at once, together with what the sender has found out, which
 * knows why marks wait. Where they differ for a moment the store is right.
 */
export function syncLine(status: SyncStatus, open: OpenFacts, nowMs: number): SyncLine {
  const needsYou = Math.max(status.needsYou, open.needsTeacher) + open.unreadable;
  const phase = phaseOf(status, open, needsYou);
  const saved = `${open.waiting} saved here`;
  const line = { kind: phase.kind, needsYou, canSend: open.held > 0 };
  switch (phase.kind) {
    case 'nothing':
      return { ...line, head: 'Nothing to send' };
    case 'all-in-canvas': {
      const tail = phase.at === undefined ? {} : { tail: readAtWords(phase.at, nowMs) };
      return { ...line, head: 'All in Canvas', ...tail };
    }
    case 'held':
      return phase.until === undefined
        ? { ...line, head: saved, tail: 'goes to Canvas at the end of the round' }
        : { ...line, head: saved, until: phase.until };
    case 'needs-you':
      return open.waiting > 0 ? { ...line, head: saved } : { ...line, head: 'Not all is in Canvas' };
    case 'canvas-busy':
      return { ...line, head: saved, tail: `Canvas is busy, again at ${readAtWords(phase.until, nowMs)}` };
    default:
      return { ...line, head: saved, tail: tails[phase.kind] };
  }
}

const tails = {
  waiting: 'waiting',
  sending: 'sending',
  checking: 'checking with Canvas',
  'no-network': 'no network',
  'wifi-sign-in': 'the Wi-Fi wants you to sign in',
  'canvas-down': 'Canvas is not answering',
  'signed-out': 'sign in to send them',
  'other-tab': 'another window sends them',
  'storage-failed': 'this device cannot write any more',
} as const;

function phaseOf(status: SyncStatus, open: OpenFacts, needsYou: number): SyncPhase {
  if (status.kind === 'storage-failed') return status;
  if (open.waiting === 0) {
    if (needsYou > 0) return { kind: 'needs-you' };
    if (open.lastConfirmedAt !== undefined) return { kind: 'all-in-canvas', at: open.lastConfirmedAt };
    return status.kind === 'all-in-canvas' ? status : { kind: 'nothing' };
  }
  const isBehind = status.kind === 'nothing' || status.kind === 'all-in-canvas';
  if (!isBehind && !(status.kind === 'needs-you' && needsYou === 0)) return status;
  if (open.held === 0) return { kind: 'waiting' };
  return open.nextReleaseAt === undefined ? { kind: 'held' } : { kind: 'held', until: open.nextReleaseAt };
}

/** "goes to Canvas in 1:40". */
export function countdownWords(untilMs: number, nowMs: number): string {
  const left = Math.ceil((untilMs - nowMs) / 1000);
  if (left <= 0) return 'going to Canvas';
  const seconds = String(left % 60).padStart(2, '0');
  return `goes to Canvas in ${Math.floor(left / 60)}:${seconds}`;
}

/** "1 needs you", "3 need you". */
export function needsYouWords(count: number): string {
  return count === 1 ? '1 needs you' : `${count} need you`;
}

/**
 * What a screen reader is told, and only when it changes: what is in the way and what has arrived, not every mark
 * and no countdown.
 */
export function spokenLine(line: SyncLine): string {
  const needs = line.needsYou > 0 ? needsYouWords(line.needsYou) : '';
  switch (line.kind) {
    case 'nothing':
    case 'held':
    case 'waiting':
    case 'sending':
    case 'checking':
      return needs;
    case 'all-in-canvas':
      return ['All in Canvas', needs].filter(Boolean).join(', ');
    default:
      return [line.tail ?? line.head, needs].filter(Boolean).join(', ');
  }
}
