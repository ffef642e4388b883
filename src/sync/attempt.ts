import { CanvasError } from '#canvas/errors.ts';
import type { AssessmentId, AttemptId, BatchId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { finishAttempt, type SentAttempt } from './finish.ts';
import { noteFailure } from './lane-failure.ts';
import { forgetPlans, laneMemory, noLongerWaiting } from './memory.ts';
import { judgeAnswer, judgeError, type Verdict } from './outcomes.ts';
import { sendGapMs } from './parameters.ts';
import type { Parcel } from './parcel.ts';
import { courseOf } from './reader.ts';
import { GoneError, type Sender } from './sender.ts';
import { arm, type ArmBasis, type ArmRequest, type ArmTimes } from './transitions/arm.ts';
import { endNotSent } from './transitions/end-attempt.ts';

/**
 * One attempt: arm, check, send, classify, write the end (sync protocol 8.4 to 8.6). A kill at any point leaves
 * either nothing, or an armed record that the next sender takes for "possibly applied".
 * @returns `stale` when it was not armed: undo, another tab, a gate or time came between
 */
export async function runAttempt(
  sender: Sender,
  { plan, body, bodyHash }: Parcel,
  basis: ArmBasis,
): Promise<'ended' | 'stale'> {
  const { deps, memory } = sender;
  const assessment = plan.lane.assessmentId;
  if (assessment === undefined) return 'stale';
  const stamp = basis.kind === 'read' ? basis.read.stamp : basis.fresh.stamp?.value;
  const request = {
    epoch: memory.epoch,
    plan,
    basis,
    attempt: deps.random.uuid() as AttemptId,
    newBatch: deps.random.uuid() as BatchId,
    bodyHash,
    assessor: deps.account.user,
    ...(stamp === undefined ? {} : { stamp }),
  };
  memory.armed = true;
  try {
    return await armAndSend(sender, { request, body, assessment });
  } finally {
    memory.armed = false;
    memory.sending = 0;
  }
}

async function armAndSend(
  sender: Sender,
  prepared: { readonly request: ArmRequest; readonly body: string; readonly assessment: AssessmentId },
): Promise<'ended' | 'stale'> {
  const { deps, memory } = sender;
  const { request, assessment } = prepared;
  const { plan } = request;
  // Not tried again where the store fails: the failed try may be on the disk, and the next take-over finds it.
  if (sender.gone.aborted) throw new GoneError();
  const armed = await deps.store.write((tx) => arm(tx, request, () => timesOf(sender)));
  // Nothing may be awaited from here to the call of postResults: the gap is checked in this very continuation.
  if (armed.kind === 'stale') {
    forgetPlans(memory, plan.lane.id);
    return 'stale';
  }
  const sent = { plan, assessment, attempt: armed.attempt };
  if (isTooLate(sender, armed.at)) {
    forgetPlans(memory, plan.lane.id);
    const end = { epoch: memory.epoch, attempt: armed.attempt.id, at: deps.clock.wallMs() };
    await sender.write((tx) => endNotSent(tx, end));
    noteFailure(sender, plan.lane.id);
    return 'ended';
  }
  const answer = await post(sender, sent, prepared.body);
  delete laneMemory(memory, plan.lane.id).recent;
  // Whatever was not accepted may speak against the next batch too: it is planned anew.
  if (answer.verdict.outcome !== 'accepted') forgetPlans(memory, plan.lane.id);
  await finishAttempt(sender, sent, answer);
  return 'ended';
}

function timesOf(sender: Sender): ArmTimes {
  const { clock } = sender.deps;
  return { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
}

/** The lock is lost, or more than SEND_GAP has passed since the arm record was written: a new sender may be at work. */
function isTooLate(sender: Sender, armedAt: ArmTimes): boolean {
  const now = timesOf(sender);
  return (
    sender.gone.aborted ||
    sender.stopping.aborted ||
    now.monotonicMs - armedAt.monotonicMs > sendGapMs ||
    Math.abs(now.wallMs - armedAt.wallMs) > sendGapMs
  );
}

/** Calls `fetch` before anything is awaited. From that call on the attempt is possibly applied. */
async function post(
  sender: Sender,
  sent: SentAttempt,
  body: string,
): Promise<{ readonly verdict: Verdict; readonly error?: unknown }> {
  const { deps } = sender;
  const { plan, assessment, attempt } = sent;
  const marks: readonly Mark[] = plan.marks;
  const { id, stamp } = attempt;
  try {
    const asking = sender.ask(() =>
      deps.api.postResults({
        course: courseOf(plan.lane.id),
        assessment,
        body,
        attempt: stamp === undefined ? { id } : { id, stamp },
      }),
    );
    sender.memory.sending = marks.length;
    noLongerWaiting(sender.memory, plan.lane.id, marks);
    sender.changed();
    void beginBeside(sender);
    const answered = await asking;
    const verdict = judgeAnswer(answered, { marks, assessment, assessor: deps.account.user });
    return { verdict };
  } catch (error) {
    if (error instanceof GoneError) throw error;
    // A fault of our own is no answer either: whatever it is, the request may be on its way.
    if (!(error instanceof CanvasError)) deps.report?.(error);
    const verdict: Verdict = judgeError(error);
    return { verdict, error };
  }
}

/** In a task of its own: what begins beside a POST is to hold up neither the POST nor a tap. */
async function beginBeside(sender: Sender): Promise<void> {
  await sender.deps.clock.sleep(0);
  if (sender.memory.sending > 0) sender.underWay?.();
}
