import type { AssessmentKey, LaneId } from '#domain/ids.ts';
import { outcomeOfKey } from '#domain/assessment-key.ts';
import type { MarkState } from '#domain/mark.ts';
import type { SyncTx } from '#store/port.ts';
import type { Batch, Lane } from '#store/records.ts';
import { newLane } from './gates.ts';

/** What stands in the store for one lane. */
export interface LaneWork {
  readonly lane: Lane;
  /** Marks wait to be sent, in a batch or not. */
  readonly queued: boolean;
  /** Marks wait for their hold-back to end. */
  readonly held: boolean;
  readonly unknown: readonly Batch[];
}

export type Counts = Readonly<Record<Exclude<MarkState, 'WITHDRAWN' | 'HANDED_OVER' | 'REJECTED'>, number>>;

export interface Survey {
  readonly lanes: readonly LaneWork[];
  readonly counts: Counts;
  /** Refused marks that the teacher has not settled. */
  readonly refused: number;
  /** Lanes with marks and without a row of their own yet. */
  readonly bare: readonly LaneId[];
  /** Device time, ms, of the last confirmation. */
  readonly confirmedAt?: number;
}

/** Looks at everything that may be to do, with few and cheap queries however many marks there are. */
export async function takeSurvey(tx: SyncTx): Promise<Survey> {
  const count = (state: MarkState) => tx.marks.countByState(state);
  const [lanesQueued, lanesHeld, open, rows, [last], rejected, counts] = await Promise.all([
    tx.marks.lanesByState('QUEUED'),
    tx.marks.lanesByState('HELD'),
    tx.batches.open(),
    tx.lanes.all(),
    tx.marks.latestByState('CONFIRMED', 1),
    tx.marks.byState('REJECTED'),
    Promise.all([count('HELD'), count('QUEUED'), count('INFLIGHT'), count('UNKNOWN'), count('CONFIRMED')]),
  ]);
  const queued = new Set(lanesQueued);
  const held = new Set(lanesHeld);
  const unknown = open.filter((batch) => batch.state === 'unknown');
  const known = new Set(rows.map((lane) => lane.id));
  const [HELD, QUEUED, INFLIGHT, UNKNOWN, CONFIRMED] = counts;
  return {
    lanes: rows.map((lane) => ({
      lane,
      queued: queued.has(lane.id),
      held: held.has(lane.id),
      unknown: unknown.filter((batch) => batch.lane === lane.id),
    })),
    counts: { HELD, QUEUED, INFLIGHT, UNKNOWN, CONFIRMED },
    refused: rejected.filter((mark) => mark.resolution === undefined).length,
    bare: [...queued, ...held, ...unknown.map((batch) => batch.lane)].filter((lane) => !known.has(lane)),
    ...(last?.settledAt === undefined ? {} : { confirmedAt: last.settledAt }),
  };
}

/** The same survey with some lanes looked at anew; the counts stay as they were. */
export async function surveyLanes(tx: SyncTx, survey: Survey, ids: readonly LaneId[]): Promise<Survey> {
  const found = await Promise.all(ids.map((id) => surveyLane(tx, id)));
  const byId = new Map(found.flatMap((work) => (work === undefined ? [] : [[work.lane.id, work] as const])));
  return { ...survey, lanes: survey.lanes.map((work) => byId.get(work.lane.id) ?? work) };
}

async function surveyLane(tx: SyncTx, id: LaneId): Promise<LaneWork | undefined> {
  const has = async (state: MarkState) => (await tx.marks.byLaneAndState(id, state, 1)).length > 0;
  const [lane, queued, held, open] = await Promise.all([
    tx.lanes.get(id),
    has('QUEUED'),
    has('HELD'),
    tx.batches.openInLane(id),
  ]);
  return lane && { lane, queued, held, unknown: open.filter((batch) => batch.state === 'unknown') };
}

/** The row of a lane as a survey found it. @throws Error for a lane that it did not find */
export function laneIn(survey: Survey, id: LaneId): Lane {
  const work = survey.lanes.find(({ lane }) => lane.id === id);
  if (work === undefined) throw new Error('a step of a lane that was not surveyed');
  return work.lane;
}

/** Gives lanes their row. A lane that the app did not describe is described by its key alone. */
export async function addBareLanes(tx: SyncTx, lanes: readonly LaneId[]): Promise<void> {
  for (const id of lanes) {
    if ((await tx.lanes.get(id)) !== undefined) continue;
    const key = keyOf(id);
    const outcome = outcomeOfKey(key);
    await tx.lanes.put(newLane(id, { title: key, ...(outcome === undefined ? {} : { outcomeId: outcome }) }));
  }
}

/** The assessment key of a lane: what follows the course and a slash. */
export function keyOf(lane: LaneId): AssessmentKey {
  return lane.slice(lane.indexOf('/') + 1) as AssessmentKey;
}
