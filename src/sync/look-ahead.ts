import { StorageError } from '#store/port.ts';
import type { Lane } from '#store/records.ts';
import { laneToPrepare, nextStep, wantsPreparing } from './agenda.ts';
import type { SenderMemory } from './memory.ts';
import { resolve } from './other-steps.ts';
import { parcelOf, planFromMemory, planLane } from './parcel.ts';
import { readBefore } from './read-before.ts';
import { GoneError, type Sender } from './sender.ts';
import { laneIn, type Survey } from './survey.ts';
import { OutdatedError } from './transitions/guard.ts';

/*
 * While a POST is under way the sender has nothing to do, and over a school's network that is most of its time. It
 * then does for another lane what goes before its first batch: its assessment is found or made, and its rows are
 * read; and it puts the next batch together. Nothing is armed by it, so that there is still one attempt at a time
 * (I4), and the lane that is being prepared is left alone meanwhile. Only where a gateway lets batches be fresh:
 * elsewhere every read is for one send.
 */

/** A lane takes two answers to prepare and a POST one: two at a time keep pace. Canvas advises no more than four. */
const atATime = 2;

/** Prepares lanes beside what the sender does, as far as there are any to prepare. */
export function prepareLanes(sender: Sender, survey: Survey): void {
  const { memory } = sender;
  if (!memory.gateway || sender.stopping.aborted) return;
  while (memory.ahead.size < atATime) {
    const lane = laneToPrepare(survey, memory, sender.now());
    if (lane === undefined) return;
    const done = quietly(sender, () => prepare(sender, laneIn(survey, lane))).finally(() => {
      memory.ahead.delete(lane);
      memory.surveyed.lanes.add(lane);
    });
    memory.ahead.set(lane, done);
  }
}

/** Puts the next batch together, where it would go without a read of its own. */
export function planAhead(sender: Sender, survey: () => Promise<Survey>): void {
  const { memory } = sender;
  if (memory.planning !== undefined || !memory.gateway || sender.stopping.aborted) return;
  memory.planning = quietly(sender, async () => {
    const { epoch } = memory;
    const seen = await survey();
    const step = nextStep(seen, memory, sender.now());
    if (step.kind !== 'send' || wantsPreparing(step, memory)) return;
    const plan = planFromMemory(memory, laneIn(seen, step.lane)) ?? (await planLane(sender, step.lane));
    if (plan !== undefined) memory.planned = { ...(await parcelOf(sender, plan)), epoch };
  }).finally(() => {
    memory.planning = undefined;
  });
}

/** Settles when nothing is done ahead any more; at once where the sender is gone, but for a transaction under way. */
export async function doneAhead({ ahead, planning }: SenderMemory): Promise<void> {
  await Promise.all([...ahead.values(), planning]);
}

async function prepare(sender: Sender, { id, gate }: Lane): Promise<void> {
  const lane =
    gate === 'unresolved' ? await resolve(sender, id) : await sender.read((tx) => tx.lanes.get(id));
  if (lane?.gate !== 'open' || lane.assessmentId === undefined) return;
  await readBefore(sender, { lane, assessment: lane.assessmentId, marks: [] });
}

/** Never rejects: what could not be done here, the lane's own turn does, or finds out in its turn. */
async function quietly(sender: Sender, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    // Outdated: an unknown end has raised the epoch, perhaps.
    const expected = error instanceof OutdatedError || error instanceof GoneError;
    if (!expected && !(error instanceof StorageError)) sender.deps.report?.(error);
  }
}
