import { CanvasError } from '#canvas/errors.ts';
import type { ResultsPage } from '#canvas/results-api.ts';
import type { AssessmentId, CourseId, LaneId, ResultId, UserId } from '#domain/ids.ts';
import { laneMemory } from './memory.ts';
import { maxReadPasses } from './parameters.ts';
import { idsOf, judgePass, rowsOf, type ReadPass } from './read-completeness.ts';
import type { LaneRead } from './read.ts';
import type { Sender } from './sender.ts';

const pageSize = 100;
/** 20,000 rows. A longer chain is not an answer but a trap. */
const maxPages = 200;

/** The course of a lane: Canvas ids are digits, so it ends at the first slash. */
export function courseOf(lane: LaneId): CourseId {
  return lane.slice(0, lane.indexOf('/')) as CourseId;
}

export interface ReadTarget {
  readonly lane: LaneId;
  readonly assessment: AssessmentId;
  readonly students: ReadonlySet<UserId>;
}

/** A read as far as it came, and what broke it off. */
export interface ReadResult {
  readonly read: LaneRead;
  readonly error?: CanvasError;
}

interface ListRead {
  readonly passes: readonly ReadPass[];
  readonly complete: boolean;
  readonly error?: CanvasError;
  /** The pages had no end: those of another student will have none either. */
  readonly endless?: boolean;
  /** The first page said that the whole list is the longer way. */
  readonly left?: boolean;
}

/**
 * Reads the rows of some students of a lane (sync protocol §9): one list a student, or the whole list where its
 * stated count makes that fewer requests. Rows that came before a failure are kept: they may confirm.
 * @throws GoneError; failures of the wire are part of the result
 */
export async function readRows(sender: Sender, target: ReadTarget): Promise<ReadResult> {
  const beganMs = sender.now();
  const { epoch } = sender.memory;
  const memory = laneMemory(sender.memory, target.lane);
  const lists: ListRead[] = [];
  let students: LaneRead['students'] = target.students;

  const first = wantsWhole(target.students.size, memory.rowCount)
    ? await readList(sender, target, undefined, target.students.size)
    : undefined;
  if (first !== undefined) {
    const count = first.passes.at(-1)?.pages[0]?.count;
    if (count !== undefined) memory.rowCount = count;
    lists.push(first);
    if (first.complete) students = 'all';
    // A long list that others are adding to may never hold still: next time one student at a time.
    else if (first.error === undefined && first.left !== true) memory.rowCount = Number.MAX_SAFE_INTEGER;
  }
  if (first === undefined || first.left === true) {
    for (const student of target.students) {
      const list = await readList(sender, target, student);
      lists.push(list);
      if (list.error !== undefined || list.endless === true) break;
    }
  }
  const judged = first?.left === true ? lists.slice(1) : lists;
  const error = lists.find((list) => list.error !== undefined)?.error;
  const stamp = sender.memory.stamp?.value;
  const read: LaneRead = {
    lane: target.lane,
    assessment: target.assessment,
    epoch,
    students,
    rows: lists.flatMap((list) => list.passes.flatMap(rowsOf)),
    complete: error === undefined && judged.every((list) => list.complete),
    beganMs,
    endedMs: sender.now(),
    ...(stamp === undefined ? {} : { stamp }),
  };
  show(sender, read);
  return error === undefined ? { read } : { read, error };
}

/** Whoever looks on must not disturb the read. */
function show({ deps }: Sender, { lane, rows }: LaneRead): void {
  try {
    deps.seenRows?.(lane, rows);
  } catch (error) {
    deps.report?.(error);
  }
}

/** The whole list is tried when it is not known to take more requests than one list a student. */
function wantsWhole(students: number, rowCount: number | undefined): boolean {
  if (students <= 1) return false;
  return rowCount === undefined || pagesOf(rowCount) <= students;
}

function pagesOf(count: number): number {
  return Math.max(1, Math.ceil(count / pageSize));
}

/** One list, in up to three passes. @param instead lists that would do in its place: a longer chain is left off */
async function readList(
  sender: Sender,
  target: ReadTarget,
  user?: UserId,
  instead?: number,
): Promise<ListRead> {
  const passes: ReadPass[] = [];
  let before: ReadonlySet<ResultId> | undefined;
  for (let n = 0; n < maxReadPasses; n += 1) {
    const pages: ResultsPage[] = [];
    const tooLong = (page: ResultsPage) =>
      n === 0 &&
      instead !== undefined &&
      page.next !== undefined &&
      pagesOf(page.count ?? Infinity) - 1 > instead;
    const { error, left, endless } = await readPass(sender, target, {
      pages,
      tooLong,
      ...(user && { user }),
    });
    // What it showed is there all the same.
    if (left === true) return { passes: [{ pages, ended: false }], complete: false, left };
    const pass: ReadPass = { pages, ended: error === undefined && pages.at(-1)?.next === undefined };
    passes.push(pass);
    if (error !== undefined) return { passes, complete: false, error };
    if (endless === true) return { passes, complete: false, endless };
    const verdict = judgePass(pass, before);
    if (verdict === 'complete') return { passes, complete: true };
    before = verdict === 'once-more' ? idsOf(pass) : undefined;
  }
  return { passes, complete: false };
}

/** Follows `next` until none is left, a page was there before, or the wire fails. */
async function readPass(
  sender: Sender,
  target: ReadTarget,
  list: { readonly user?: UserId; readonly pages: ResultsPage[]; tooLong(page: ResultsPage): boolean },
): Promise<{ error?: CanvasError; left?: boolean; endless?: boolean }> {
  const seen = new Set<string>();
  let next: string | undefined;
  const { user } = list;
  const request = {
    course: courseOf(target.lane),
    assessment: target.assessment,
    ...(user === undefined ? {} : { user }),
  };
  try {
    do {
      const page = next;
      const { value } = await sender.ask(() =>
        sender.deps.api.readResultsPage(page === undefined ? request : { ...request, page }),
      );
      list.pages.push(value);
      if (list.pages.length === 1 && list.tooLong(value)) return { left: true };
      next = value.next;
      if (next !== undefined && (seen.has(next) || list.pages.length >= maxPages)) return { endless: true };
      if (next !== undefined) seen.add(next);
    } while (next !== undefined);
    return {};
  } catch (error) {
    if (error instanceof CanvasError) return { error };
    throw error;
  }
}
