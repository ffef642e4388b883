import type { AssessmentKey, CourseId, UserId } from '#domain/ids.ts';
import type { ClassRecord } from '#store/classroom.ts';
import type { RosterStudent } from './arrange-roster.ts';
import type { LessonBoard } from './lesson-board.ts';
import type { RosterView } from './lesson-prefs.ts';
import type { TapManner, TapTarget } from './tap-gestures.ts';
import type { SetAway } from './use-away.ts';

/** What the sheets know of the lesson under them. */
export interface SheetLesson {
  readonly board: LessonBoard;
  readonly course: CourseId;
  readonly assessmentKey: AssessmentKey;
  readonly courseHref: string;
  readonly students: readonly RosterStudent[];
  /** Those in view now. */
  readonly shown: readonly RosterStudent[];
  readonly record: ClassRecord;
  readonly view: RosterView;
  readonly threshold: number | null;
  readonly onTap: (target: TapTarget, how: TapManner) => void;
  readonly onAway: SetAway;
  readonly nameOf: (student: UserId) => string | undefined;
}
