import { useCallback, useEffect, useMemo, useState } from 'react';
import type { AssessmentKey, CourseId, UserId } from '#domain/ids.ts';
import { laneOf } from '#domain/mark.ts';
import { useAccount } from '#features/account-context.ts';
import { SyncWords } from '#features/outbox/sync-words.tsx';
import { coursePath } from '#features/paths.ts';
import { shortTitle } from '#features/short-title.ts';
import type { LocalAssessment } from '#store/classroom.ts';
import { useLive } from '#store/use-live.ts';
import { Announcer, createAnnouncements } from './announcer.tsx';
import { filterRoster } from './arrange-roster.ts';
import type { RosterStudent } from './arrange-roster.ts';
import type { Tap } from './lesson-board.ts';
import { NothingFound } from './nothing-found.tsx';
import { RosterGrid } from './roster-grid.tsx';
import { RosterTopBar } from './roster-top-bar.tsx';
import { StudentSheet } from './student-sheet.tsx';
import type { TapTarget } from './tap-gestures.ts';
import type { TileFacts } from './tile-facts.ts';
import { wordsForTile } from './tile-words.ts';
import { UndoButton } from './undo-button.tsx';
import { UnsavedNotice } from './unsaved-notice.tsx';
import { useLesson } from './use-lesson.ts';
import { useRoster } from './use-roster.ts';
import './roster-bars.css';

interface RosterScreenProps {
  readonly course: CourseId;
  readonly assessmentKey: AssessmentKey;
}

/** The marking screen. Everything on it comes from this device; there is nothing to wait for. */
export function RosterScreen({ course, assessmentKey }: RosterScreenProps) {
  const { store } = useAccount();
  const lane = laneOf(course, assessmentKey);
  const known = useLive(() => store.classroom.watchCourse(course), [store, course]);
  const chosen = useLive(() => store.classroom.watchAssessment(lane), [store, lane]);
  if (known.status === 'failed') throw known.error;
  if (chosen.status === 'failed') throw chosen.error;
  if (known.status === 'loading' || chosen.status === 'loading') return null;
  if (chosen.value === undefined) return null;
  return <LessonScreen assessment={chosen.value} courseName={known.value?.name ?? ''} />;
}

interface LessonScreenProps {
  readonly assessment: LocalAssessment;
  readonly courseName: string;
}

function LessonScreen({ assessment, courseName }: LessonScreenProps) {
  const { course, key: assessmentKey, date: day } = assessment;
  const speech = useSpeech();
  const { board, isRead } = useLesson({ course, assessmentKey, day }, speech.settled);
  const students = useRoster(course, board);
  useEffect(() => speech.follow(students), [speech, students]);
  const [search, setSearch] = useState('');
  const [only, setOnly] = useState<ReadonlySet<UserId>>();
  const [card, setCard] = useState<UserId>();

  useEffect(() => {
    document.title = `${courseName} · Tapmark`;
  }, [courseName]);
  const onTap = useCallback(({ student, passed }: TapTarget) => void board.tap(student, passed), [board]);
  const names = useMemo(() => new Map(students?.map(({ id, first }) => [id, first])), [students]);
  const shown = useMemo(
    () => students && filterRoster(students, { search, ...(only !== undefined && { only }) }),
    [students, search, only],
  );
  if (students === undefined || shown === undefined || !isRead) return null;

  const cardStudent = students.find(({ id }) => id === card);
  return (
    <div className="roster">
      <RosterTopBar
        board={board}
        courseName={courseName}
        subject={shortTitle(assessment)}
        backHref={coursePath(course)}
        search={search}
        onSearch={setSearch}
        showsNotSeen={only !== undefined}
        onNotSeen={() => setOnly(only === undefined ? notSeenOn(board, students) : undefined)}
      />
      <UnsavedNotice board={board} lastError={speech.lastError} />
      {shown.length === 0 ? (
        <NothingFound
          search={search}
          onEverybody={() => {
            setSearch('');
            setOnly(undefined);
          }}
        />
      ) : (
        <RosterGrid
          board={board}
          students={shown}
          classSize={students.length}
          onTap={onTap}
          onRefused={speech.refused}
          onCard={setCard}
        />
      )}
      <footer className="roster-bar roster-bottom">
        <UndoButton board={board} nameOf={(student) => names.get(student)} />
        <div className="roster-status">
          <SyncWords />
        </div>
      </footer>
      <Announcer announcements={speech.announcements} />
      <StudentSheet
        student={cardStudent}
        board={board}
        course={course}
        day={day}
        onClose={() => setCard(undefined)}
      />
    </div>
  );
}

/** A picture of the moment: who is marked now stays in view, so that no tile moves under the next tap. */
function notSeenOn(
  board: { tile: (student: UserId) => TileFacts },
  students: readonly RosterStudent[],
): ReadonlySet<UserId> {
  return new Set(
    students
      .map(({ id }) => id)
      .filter((id) => {
        const { last, away } = board.tile(id);
        return last === 'none' && away === undefined;
      }),
  );
}

interface Speech {
  readonly announcements: ReturnType<typeof createAnnouncements>;
  readonly settled: (tap: Tap, facts: TileFacts, error?: unknown) => void;
  readonly refused: () => void;
  readonly lastError: () => unknown;
  readonly follow: (students: readonly RosterStudent[] | undefined) => void;
}

/** What is said aloud of taps; its functions stay the same for the whole lesson. */
function useSpeech(): Speech {
  const [speech] = useState((): Speech => {
    const announcements = createAnnouncements();
    let names = new Map<UserId, string>();
    let lastError: unknown;
    return {
      announcements,
      settled: (tap, facts, error) => {
        if (error !== undefined) lastError = error;
        announcements.say(`${names.get(tap.student) ?? ''}: ${wordsForTile(facts)}`);
      },
      refused: () => announcements.say('Several touches at once: nobody was marked'),
      lastError: () => lastError,
      follow: (students) => {
        names = new Map(students?.map(({ id, name }) => [id, name]));
      },
    };
  });
  return speech;
}
