import type { LaneId } from '#domain/ids.ts';
import { releaseHeld } from '#store/marks/release.ts';
import { StorageError } from '#store/port.ts';
import { nextStep, type Step } from './agenda.ts';
import { backoffMs } from './backoff.ts';
import { clockOffsetOf } from './clock-offset.ts';
import { planAhead, prepareLanes } from './look-ahead.ts';
import { lookForBatch } from './look.ts';
import { laneMemory, unknownMemory, waitingIn, type SenderMemory } from './memory.ts';
import { audit, probe, resolve, retryLane, unthrottle } from './other-steps.ts';
import { backoffCapMs, hourlyProbeMs, idlePollMs } from './parameters.ts';
import { sendBatch } from './send.ts';
import { GoneError, type Sender } from './sender.ts';
import { addBareLanes, surveyLanes, takeSurvey, type Survey } from './survey.ts';
import { OutdatedError } from './transitions/guard.ts';
import { takeOver } from './transitions/take-over.ts';

/** What a tenure shares with its engine. */
export interface TenurePort {
  /** Marks, gates or the world changed: look again. Reset by the tenure. */
  dirty: boolean;
  survey: Survey | undefined;
  /** The store has failed three times; cleared by the next write that succeeds. */
  storageFailed: StorageError | undefined;
  /** Device time, ms, when the next held mark is due. */
  releaseAt: number | undefined;
  /** Waits, or less when something happens. */
  rest(ms: number): Promise<void>;
  /** Facts may have changed. */
  publish(): void;
}

/**
 * How long a sender that is busy goes by the lanes of its own steps: counting ten thousand marks takes longer than
 * sending a hundred. On a slow device it counts less often still, so that its time goes into sending.
 */
const surveyEveryMs = { least: 1_000, most: 5_000, timesItTakes: 25 };

/** A clock step below this is not worth a write: marks have whole seconds. */
const offsetStepMs = 1_000;

/**
 * The life of a sender with the lock, from take-over until it is told to go, is hidden, or finds itself outdated.
 *
 *   take over ──▶ turn ──▶ turn ──▶ … ──▶ gone, hidden or outdated
 *       ▲           │
 *       └── rest ◀──┘ the store failed, or something that should not happen did: an attempt may be left armed,
 *                     and take-over is what deals with that
 */
export async function runTenure(sender: Sender, port: TenurePort): Promise<void> {
  let failures = 0;
  let begun = false;
  sender.underWay = () => {
    if (port.survey !== undefined) prepareLanes(sender, port.survey);
    // Where something happened, what it was comes first: a hold-back may have to end in time.
    if (!port.dirty) planAhead(sender, () => surveyed(sender, port));
  };
  while (!sender.gone.aborted && !sender.stopping.aborted && sender.deps.visible()) {
    try {
      if (!begun) await begin(sender);
      begun = true;
      port.storageFailed = undefined;
      const restMs = await takeTurn(sender, port);
      failures = 0;
      port.publish();
      if (restMs > 0) await port.rest(restMs);
      // After a long rest the store may hold what nobody told of.
      if (restMs >= idlePollMs) port.dirty = true;
    } catch (error) {
      if (error instanceof GoneError || error instanceof OutdatedError) return;
      if (error instanceof StorageError) port.storageFailed = error;
      else sender.deps.report?.(error);
      begun = false;
      failures += 1;
      port.dirty = true;
      port.publish();
      if (error instanceof StorageError && error.kind === 'version') return;
      await port.rest(backoffMs(failures, sender.deps.random));
    }
  }
}

/** Take-over (8.2): a new epoch, everything armed is unknown, and every SETTLE starts anew. */
async function begin(sender: Sender): Promise<void> {
  const { clock } = sender.deps;
  const at = clock.wallMs();
  const found = await sender.write(async (tx) => {
    const epoch = await takeOver(tx, { at });
    const { clockOffsetMs } = await tx.meta.get();
    return { epoch, clockOffsetMs, lanes: await tx.lanes.all(), batches: await tx.batches.open() };
  });
  sender.setEpoch(found.epoch);
  const { memory } = sender;
  memory.storedOffsetMs = found.clockOffsetMs;
  const now = sender.now();
  memory.unknown.clear();
  memory.planned = undefined;
  for (const batch of found.batches) if (batch.state === 'unknown') unknownMemory(memory, batch.id, now);
  for (const lane of found.lanes) {
    if (lane.until === undefined) continue;
    // The wall clock may have been set meanwhile: no gate stays closed for longer than it would have been.
    const waitMs = Math.max(0, lane.until - at);
    if (lane.gate === 'throttle')
      memory.throttledUntilMs = Math.max(memory.throttledUntilMs, now + Math.min(waitMs, hourlyProbeMs));
    else {
      const longest = lane.gate === 'auth' || lane.gate === 'unreachable' ? backoffCapMs : hourlyProbeMs;
      laneMemory(memory, lane.id).notBeforeMs = now + Math.min(waitMs, longest);
    }
  }
}

/** Does one thing. @returns how long there is nothing more to do, ms */
async function takeTurn(sender: Sender, port: TenurePort): Promise<number> {
  const { memory } = sender;
  await memory.planning;
  if (port.dirty || sender.now() >= memory.releaseAtMs) await releaseDue(sender, port);
  const step = plannedStep(sender, port) ?? nextStep(await surveyed(sender, port), memory, sender.now());
  const now = sender.now();
  if (step.kind === 'wait') {
    // Before it rests it knows all of it.
    if (memory.surveyed.inPart) port.dirty = true;
    if (memory.ahead.size > 0) {
      if (port.survey !== undefined) prepareLanes(sender, port.survey);
      await Promise.race(memory.ahead.values());
      return 0;
    }
    return port.dirty ? 0 : Math.max(0, Math.min(step.ms, memory.releaseAtMs - now));
  }
  memory.turn += 1;
  // What gets its assessment has not been served yet: its first batch is next, and prepares the lane after it.
  if ('lane' in step && step.kind !== 'resolve') laneMemory(memory, step.lane).served = memory.turn;
  port.publish();
  const changed = await perform(sender, step);
  if (step.kind === 'send' || step.kind === 'resolve') noteStep(memory, step.lane);
  // A probe that opens no gate changes nothing in the store.
  else if (step.kind !== 'probe' || changed === true) port.dirty = true;
  await storeOffset(sender);
  return 0;
}

/** Where more is known to wait, nothing but the counts has changed. */
function noteStep(memory: SenderMemory, lane: LaneId): void {
  if (waitingIn(memory, lane).length > 0) memory.surveyed.inPart = true;
  else memory.surveyed.lanes.add(lane);
}

/** What was made ready beside the last POST goes at once, unless something has happened since. */
function plannedStep(sender: Sender, { dirty }: TenurePort): Step | undefined {
  const { planned, trouble, throttledUntilMs } = sender.memory;
  if (dirty || planned === undefined || trouble !== undefined) return undefined;
  if (throttledUntilMs > sender.now()) return undefined;
  return { kind: 'send', lane: planned.plan.lane.id };
}

/** @returns true when it says that the store has changed */
function perform(sender: Sender, step: Exclude<Step, { kind: 'wait' }>): Promise<unknown> {
  switch (step.kind) {
    case 'probe':
      return probe(sender);
    case 'unthrottle':
      return unthrottle(sender);
    case 'retry':
      return retryLane(sender, step.lane);
    case 'resolve':
      return resolve(sender, step.lane);
    case 'look':
      return lookForBatch(sender, step.lane, step.batch);
    case 'send':
      return sendBatch(sender, step.lane);
    case 'audit':
      return audit(sender, step.lane);
  }
}

/** T2 for marks whose hold-back is over. */
async function releaseDue(sender: Sender, port: TenurePort): Promise<void> {
  if (sender.gone.aborted) throw new GoneError();
  const { released, nextInMs } = await releaseHeld(
    sender.deps.store,
    { kind: 'due' },
    sender.deps.clock.wallMs(),
  );
  if (released.length > 0) port.dirty = true;
  sender.memory.releaseAtMs = nextInMs === undefined ? Infinity : sender.now() + nextInMs;
  port.releaseAt = nextInMs === undefined ? undefined : sender.deps.clock.wallMs() + nextInMs;
}

/** Anew where something has changed: some lanes after steps of their own, for a while, else everything. */
async function surveyed(sender: Sender, port: TenurePort): Promise<Survey> {
  const { surveyed: last } = sender.memory;
  const lanes = [...last.lanes];
  last.lanes.clear();
  const { least, most, timesItTakes } = surveyEveryMs;
  const everyMs = Math.min(most, Math.max(least, timesItTakes * last.tookMs));
  if (!port.dirty && port.survey !== undefined) {
    const isDue = sender.now() - last.atMs >= everyMs;
    if (lanes.length === 0 && !(isDue && last.inPart)) return port.survey;
    if (!isDue) {
      const { survey } = port;
      const next = await sender.read((tx) => surveyLanes(tx, survey, lanes));
      last.inPart = true;
      port.survey = next;
      // What closes a gate may close others too.
      if (lanes.every((id) => isGoingOn(next, id))) return next;
    }
  }
  port.dirty = false;
  const beganMs = sender.now();
  let survey = await sender.read(takeSurvey);
  if (survey.bare.length > 0) {
    const { bare } = survey;
    survey = await sender.write(async (tx) => {
      await addBareLanes(tx, bare);
      return takeSurvey(tx);
    });
  }
  Object.assign(last, { atMs: sender.now(), tookMs: sender.now() - beganMs, inPart: false });
  port.survey = survey;
  return survey;
}

function isGoingOn(survey: Survey, id: LaneId): boolean {
  const gate = survey.lanes.find((work) => work.lane.id === id)?.lane.gate;
  return gate === 'open' || gate === 'unresolved';
}

/** Keeps what the answers say about the device's clock, for the marks that are made from now on (§12). */
async function storeOffset(sender: Sender): Promise<void> {
  const { memory } = sender;
  const offset = clockOffsetOf(memory.clock);
  if (offset === undefined) return;
  const stored = memory.storedOffsetMs;
  // What is found to be right after all is noted, however small the step.
  if (stored !== undefined && Math.abs(offset - stored) < (offset === 0 ? 1 : offsetStepMs)) return;
  await sender.write(async (tx) => tx.meta.put({ ...(await tx.meta.get()), clockOffsetMs: offset }));
  memory.storedOffsetMs = offset;
}
