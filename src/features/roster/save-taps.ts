import type { AssessmentKey, CourseId } from '#domain/ids.ts';
import { laneOf } from '#domain/mark.ts';
import { tellMarksWait } from '#features/tell-not-kept.ts';
import type { MarkActions, Tap as StoreTap } from '#store/mark-actions.ts';
import type { BoardDeps } from './lesson-board.ts';
import type { Saved, Tap } from './tap.ts';

type Saving = 'create' | 'createAll' | 'replace' | 'replaceAll';

export interface LessonPlace {
  readonly course: CourseId;
  readonly assessmentKey: AssessmentKey;
}

/** Joins the board of a lesson to the disk. @param holdMs null: until the end of the round */
export function onDisk(
  marks: Pick<MarkActions, Saving | 'release'>,
  place: LessonPlace,
  holdMs: () => number | null,
): Pick<BoardDeps, 'save' | 'onRoundEnd'> {
  const lane = laneOf(place.course, place.assessmentKey);
  return {
    save: (taps) => saveTaps(marks, place, taps, holdMs()),
    onRoundEnd: () => {
      // The sender hears of it from the store.
      marks.release({ kind: 'lane', lane }).catch(() => {
        tellMarksWait();
      });
    },
  };
}

/** Brings the taps of one gesture to the disk, in one transaction. @param holdMs null: until the end of the round */
async function saveTaps(
  actions: Pick<MarkActions, Saving>,
  place: LessonPlace,
  taps: readonly Tap[],
  holdMs: number | null,
): Promise<Saved> {
  const drafts = taps.map(({ id, student, passed, tappedAt }): StoreTap => ({
    ...place,
    id,
    student,
    passed,
    tappedAt,
    holdMs,
  }));
  const [draft, ...more] = drafts;
  if (draft === undefined || more.length > 0) {
    if (taps.some(({ replaces }) => replaces !== undefined)) {
      const exchanges = drafts.map((tap, n) => ({ tap, seq: taps[n]?.replaces?.seq }));
      return { kind: 'saved', marks: await actions.replaceAll(exchanges) };
    }
    const created = await actions.createAll(drafts);
    return { kind: 'saved', marks: created.map(({ mark }) => mark) };
  }
  const replaces = taps[0]?.replaces;
  if (replaces === undefined) {
    const { mark } = await actions.create(draft);
    return { kind: 'saved', marks: [mark] };
  }
  const replaced = await actions.replace(replaces.seq, draft);
  if (replaced.outcome === 'too-late') return { kind: 'too-late' };
  return { kind: 'saved', marks: [replaced.old, replaced.mark] };
}
