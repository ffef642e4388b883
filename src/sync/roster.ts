import { CanvasError } from '#canvas/errors.ts';
import type { LaneId, UserId } from '#domain/ids.ts';
import { courseOf } from './reader.ts';
import type { Sender } from './sender.ts';

/** 20,000 students; a longer chain is not an answer but a trap. */
const maxPages = 200;

/**
 * Who is on the roster of a lane's course right now.
 * @returns undefined when it could not be read in full: then nobody may be taken for gone
 */
export async function readRoster(sender: Sender, lane: LaneId): Promise<ReadonlySet<UserId> | undefined> {
  const course = courseOf(lane);
  const students = new Set<UserId>();
  let next: string | undefined;
  try {
    for (let n = 0; n < maxPages; n += 1) {
      const page = next;
      const { value } = await sender.ask(() =>
        sender.deps.api.readRosterPage(page === undefined ? { course } : { course, page }),
      );
      for (const student of value.students) students.add(student);
      next = value.next;
      if (next === undefined) return students;
    }
  } catch (error) {
    if (!(error instanceof CanvasError)) throw error;
  }
  return undefined;
}
