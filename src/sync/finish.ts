import { NotSentError, ThrottledError } from '#canvas/errors.ts';
import type { AssessmentId, BatchId, UserId } from '#domain/ids.ts';
import { TakenError } from '#store/port.ts';
import type { Attempt } from '#store/records.ts';
import { closingOf, noteFailure, noteSuccess } from './lane-failure.ts';
import { unknownMemory } from './memory.ts';
import { isOldEpoch, type Verdict } from './outcomes.ts';
import { readRows } from './reader.ts';
import { readRoster } from './roster.ts';
import type { Sender } from './sender.ts';
import {
  endAccepted,
  endAtGate,
  endNotSent,
  endRefused,
  endSplit,
  endTooLarge,
  endUnknown,
  type Ending,
} from './transitions/end-attempt.ts';
import { endRejected } from './transitions/end-rejected.ts';
import type { Plan } from './transitions/plan.ts';
import { takeOver } from './transitions/take-over.ts';

export interface SentAttempt {
  readonly plan: Plan;
  readonly assessment: AssessmentId;
  readonly attempt: Attempt;
}

/** How far the epoch is raised after the nth refusal in a row for an old one: a restored backup may be far behind. */
const epochStep = 16;
const epochStepsMax = 6;

/** Writes the end of an attempt and its effect, by its outcome (sync protocol §10), and says when the lane goes on. */
export async function finishAttempt(
  sender: Sender,
  sent: SentAttempt,
  answer: { readonly verdict: Verdict; readonly error?: unknown },
): Promise<void> {
  const { verdict, error } = answer;
  switch (verdict.outcome) {
    case 'accepted':
      return accepted(sender, sent, verdict);
    case 'refused-batch':
      return sent.plan.marks.length > 1 ? split(sender, sent, verdict) : refusedAlone(sender, sent, verdict);
    case 'refused-gate':
      return refusedAtGate(sender, sent, verdict);
    case 'not-sent':
      return notSent(sender, sent, { verdict, error });
    case 'unknown':
      return unknown(sender, sent, verdict);
  }
}

type Of<O extends Verdict['outcome']> = Extract<Verdict, { outcome: O }>;

function endingOf(sender: Sender, sent: SentAttempt, status: number | undefined): Ending {
  const { epoch } = sender.memory;
  const end = { epoch, attempt: sent.attempt.id, at: sender.deps.clock.wallMs() };
  return status === undefined ? end : { ...end, status };
}

async function accepted(sender: Sender, sent: SentAttempt, verdict: Of<'accepted'>): Promise<void> {
  const end = { ...endingOf(sender, sent, verdict.status), rows: verdict.rows };
  try {
    await sender.write((tx) => endAccepted(tx, end));
  } catch (error) {
    if (!(error instanceof TakenError)) throw error;
    // A row that confirms another mark already: the answer cannot be true. A read will tell.
    return unknown(sender, sent, { outcome: 'unknown', status: verdict.status });
  }
  sender.memory.oldEpochs = 0;
  noteSuccess(sender, sent.plan.lane.id);
}

/** T9. Nothing is put off: each part goes through the whole cycle in the lane's next turns. */
async function split(sender: Sender, sent: SentAttempt, verdict: Of<'refused-batch'>): Promise<void> {
  const roster = await readRoster(sender, sent.plan.lane.id);
  const end = {
    ...endingOf(sender, sent, verdict.status),
    newBatch: () => sender.deps.random.uuid() as BatchId,
    ...(roster === undefined ? {} : { roster }),
  };
  await sender.write((tx) => endSplit(tx, end));
}

/** T10 if the refusal is the mark's own and a complete read after it lacks the mark; else T8. */
async function refusedAlone(sender: Sender, sent: SentAttempt, verdict: Of<'refused-batch'>): Promise<void> {
  const lane = sent.plan.lane.id;
  const end = { ...endingOf(sender, sent, verdict.status), reason: verdict.reason };
  const specific = await isSpecific(sender, sent);
  if (specific) {
    const students = new Set<UserId>(sent.plan.marks.map((mark) => mark.student));
    const { read } = await readRows(sender, { lane, assessment: sent.assessment, students });
    if (read.complete) {
      await sender.write((tx) => endRejected(tx, { ...end, read, assessor: sender.deps.account.user }));
      return;
    }
  }
  // A refusal of the mark's own, without the read that a rejection needs: it is asked for again.
  await sender.write((tx) => endRefused(tx, { ...end, counts: !specific }));
  noteFailure(sender, lane);
}

/** The lane took another mark since its gate opened, or the student has left the course (§11). */
async function isSpecific(sender: Sender, sent: SentAttempt): Promise<boolean> {
  const id = sent.plan.lane.id;
  const lane = await sender.read((tx) => tx.lanes.get(id));
  if (lane?.accepted === true) return true;
  const roster = await readRoster(sender, id);
  return roster !== undefined && !sent.plan.marks.every((mark) => roster.has(mark.student));
}

async function refusedAtGate(sender: Sender, sent: SentAttempt, verdict: Of<'refused-gate'>): Promise<void> {
  const end = endingOf(sender, sent, verdict.status);
  const lane = sent.plan.lane.id;
  if (verdict.closes === 'too-large') {
    await sender.write((tx) => endTooLarge(tx, end));
    return;
  }
  const closing = closingOf(sender, lane, verdict.closes);
  await sender.write((tx) => endAtGate(tx, { ...end, closing }));
}

async function notSent(
  sender: Sender,
  sent: SentAttempt,
  { verdict, error }: { readonly verdict: Of<'not-sent'>; readonly error?: unknown },
): Promise<void> {
  const end = endingOf(sender, sent, verdict.status);
  const lane = sent.plan.lane.id;
  if (verdict.closes !== undefined) {
    const closing = closingOf(sender, lane, verdict.closes);
    await sender.write((tx) => endNotSent(tx, { ...end, closing }));
    return;
  }
  await sender.write((tx) => endNotSent(tx, end));
  noteFailure(sender, lane, retryAfterOf(error));
  if (isOldEpoch(error)) await catchUp(sender);
}

/** The gateway has heard a higher epoch of this installation: a backup was restored. Raised until it is passed. */
async function catchUp(sender: Sender): Promise<void> {
  sender.memory.oldEpochs = Math.min(sender.memory.oldEpochs + 1, epochStepsMax);
  const raiseBy = epochStep ** sender.memory.oldEpochs;
  const at = sender.deps.clock.wallMs();
  sender.setEpoch(await sender.write((tx) => takeOver(tx, { at, raiseBy })));
}

/** T11. SETTLE counts from here, and nothing is fresh until the next complete read. */
async function unknown(sender: Sender, sent: SentAttempt, verdict: Of<'unknown'>): Promise<void> {
  const end = endingOf(sender, sent, verdict.status);
  const lane = sent.plan.lane.id;
  const { closes } = verdict;
  const closing = closes === undefined ? undefined : closingOf(sender, lane, closes);
  if (closing === undefined) noteFailure(sender, lane);
  const epoch = await sender.write((tx) => endUnknown(tx, closing === undefined ? end : { ...end, closing }));
  sender.setEpoch(epoch);
  unknownMemory(sender.memory, sent.attempt.batchId, sender.now());
}

function retryAfterOf(error: unknown): number | undefined {
  const known = error instanceof NotSentError || error instanceof ThrottledError;
  return known ? error.answer?.retryAfterMs : undefined;
}
