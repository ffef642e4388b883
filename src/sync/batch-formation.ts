import { resultsBody } from '#canvas/body.ts';
import type { Mark } from '#domain/mark.ts';
import { batchMaxBytes } from './parameters.ts';

type Waiting = Pick<Mark, 'seq' | 'student' | 'passed' | 'assessedAt'>;

/**
 * Chooses the marks of the next batch of a lane (T4): oldest `seq` first, a student's marks together, because
 * Canvas answers grouped by student (canvas-contract §1.6). The last student's later marks may be left for the
 * next batch, so that n marks never need more than n / limit batches, rounded up.
 * @param waiting marks of one lane in order of `seq`
 * @returns the chosen marks in the order they are sent; at least one unless `waiting` is empty
 */
export function chooseBatch<M extends Waiting>(
  waiting: readonly M[],
  limit: { readonly marks: number; readonly bytes?: number },
): M[] {
  const chosen: M[] = [];
  let bytes = envelopeBytes;
  for (const mark of byStudent(waiting)) {
    bytes += bytesOf(mark);
    const full = chosen.length >= limit.marks || bytes > (limit.bytes ?? batchMaxBytes);
    if (full && chosen.length > 0) break;
    chosen.push(mark);
  }
  return chosen;
}

function byStudent<M extends Waiting>(marks: readonly M[]): M[] {
  const groups = new Map<string, M[]>();
  for (const mark of marks) {
    const group = groups.get(mark.student);
    if (group === undefined) groups.set(mark.student, [mark]);
    else group.push(mark);
  }
  return [...groups.values()].flat();
}

const envelopeBytes = resultsBody([]).length;
const comma = 1;

/** Ids are decimal digits and times are ASCII, so characters are bytes; `false` is the longer value. */
function bytesOf(mark: Waiting): number {
  return mark.student.length + mark.assessedAt.length + fixedBytes;
}

const fixedBytes =
  resultsBody([{ student: '' as Mark['student'], assessedAt: '' as Mark['assessedAt'], passed: false }])
    .length -
  envelopeBytes +
  comma;
