import { useCallback, useEffect, useMemo, useRef } from 'react';
import type { ReactNode } from 'react';
import { outcomeOfKey } from '#domain/assessment-key.ts';
import type { UserId } from '#domain/ids.ts';
import { scaleOf, thresholdOf } from '#domain/mastery.ts';
import { useAccount } from '#features/account-context.ts';
import { coursePath } from '#features/paths.ts';
import type { ClassRecord, LocalAssessment } from '#store/classroom.ts';
import { useLive } from '#store/use-live.ts';
import { Announcer } from './announcer.tsx';
import { filterRoster } from './arrange-roster.ts';
import type { RosterStudent } from './arrange-roster.ts';
import { lessonChips } from './lesson-chips.tsx';
import type { LessonChip } from './lesson-chips.tsx';
import type { LessonBoard } from './lesson-board.ts';
import { handsPref } from './lesson-prefs.ts';
import { LessonSheets } from './lesson-sheets.tsx';
import { NothingFound } from './nothing-found.tsx';
import { pinnedPref } from './pinned.ts';
import { RosterBottomBar } from './roster-bottom-bar.tsx';
import { RosterGrid } from './roster-grid.tsx';
import { RosterTopBar } from './roster-top-bar.tsx';
import { openSheet, resetRosterUi, useRosterUi } from './roster-ui.ts';
import { SelectionBar } from './selection-bar.tsx';
import { closeExplanations } from './sent-toast.ts';
import { UnsavedNotice } from './unsaved-notice.tsx';
import { useAway } from './use-away.ts';
import { useLesson } from './use-lesson.ts';
import { toggleSelected, useMarking } from './use-marking.ts';
import { usePictures } from './use-pictures.ts';
import { useRoster } from './use-roster.ts';
import type { Roster } from './use-roster.ts';
import { useRosterKeys } from './use-roster-keys.ts';
import { useSpeech, useSpeechAbout } from './use-speech.ts';
import type { Speech } from './use-speech.ts';
import { useWakeLock } from './use-wake-lock.ts';
import './roster-bars.css';

interface RosterScreenProps {
  readonly assessment: LocalAssessment;
  readonly courseName: string;
  /** The class as it is on this device. */
  readonly record: ClassRecord;
  /** What is to be decided about the lesson itself; under the notice of taps that could not be saved. */
  readonly notice?: ReactNode;
}

/**
 * The marking screen. Everything on it comes from this device; there is nothing to wait for but, for a few frames,
 * what the disk holds of this assessment.
 */
export function RosterScreen({ assessment, courseName, record, notice }: RosterScreenProps) {
  const { course, key: assessmentKey, date: day } = assessment;
  const speech = useSpeech();
  const { board, isRead } = useLesson({ course, assessmentKey, day }, speech.settled);
  const roster = useRoster(course, record, board, isRead);
  const threshold = useThreshold(assessment);
  useSpeechAbout(speech, board, threshold ?? null, roster?.students);
  useEffect(resetRosterUi, []);
  useEffect(() => closeExplanations, []);
  useWakeLock();
  useEffect(() => {
    document.title = `${courseName} · Tapmark`;
  }, [courseName]);
  if (roster === undefined || threshold === undefined || !isRead) return null;
  return (
    <LessonScreen
      assessment={assessment}
      courseName={courseName}
      board={board}
      roster={roster}
      threshold={threshold}
      speech={speech}
      notice={notice}
    />
  );
}

interface LessonScreenProps {
  readonly assessment: LocalAssessment;
  readonly courseName: string;
  readonly board: LessonBoard;
  readonly roster: Roster;
  readonly threshold: number | null;
  readonly speech: Speech;
  readonly notice: ReactNode;
}

function LessonScreen(props: LessonScreenProps) {
  const { assessment, courseName, board, roster, threshold, speech, notice } = props;
  const { store } = useAccount();
  const { course, key: assessmentKey, date: day } = assessment;
  const { students, view, record } = roster;
  const { search, only, isSelecting, shield } = useRosterUi();
  const hands = useLive(() => store.prefs.watch('account', handsPref), [store]);
  const chips = useChips(assessment);
  const { onTap, markAll } = useMarking(board, speech);
  const hasFaces = usePictures(students);
  const onAway = useAway(course, day);
  const undo = useRef<() => void>(undefined);

  const { section, group } = view;
  const shown = useMemo(
    () => filterRoster(students, { search, only, section, group }),
    [students, search, only, section, group],
  );
  const inPart = useMemo(
    () =>
      section === null && group === null ? undefined : filterRoster(students, { search: '', section, group }),
    [students, section, group],
  );
  const names = useMemo(() => new Map(students.map(({ id, first }) => [id, first])), [students]);
  const nameOf = useCallback((student: UserId) => names.get(student), [names]);
  const onCard = useCallback(
    (student: UserId) => {
      if (useRosterUi.getState().isSelecting) toggleSelected(board, student);
      else openSheet({ kind: 'card', student });
    },
    [board],
  );
  const toggleAway = useCallback(
    (student: UserId) => {
      const reason = board.tile(student).away === undefined ? 'absent' : undefined;
      void onAway([student], reason).then(() => speech.away(student, reason));
    },
    [board, onAway, speech],
  );
  useRosterKeys(
    useMemo(
      () => ({ students: shown, chips, onTap, onUndo: () => undo.current?.(), onAway: toggleAway }),
      [shown, chips, onTap, toggleAway],
    ),
  );

  const courseHref = coursePath(course);
  const thumb = hands.status === 'ready' ? hands.value.thumb : handsPref.fallback.thumb;
  return (
    <div className="roster">
      <RosterTopBar
        board={board}
        courseName={courseName}
        courseHref={courseHref}
        part={partOf(roster)}
        inPart={inPart}
        chips={chips}
        onNotSeen={() =>
          useRosterUi.setState({ only: only === undefined ? notSeenOn(board, students) : undefined })
        }
      />
      {notice}
      <UnsavedNotice board={board} lastError={speech.lastError} />
      {shown.length === 0 ? (
        <NothingFound course={course} view={view} />
      ) : (
        <RosterGrid
          board={board}
          course={course}
          students={shown}
          classSize={students.length}
          threshold={threshold}
          hasFaces={hasFaces}
          shield={shield}
          isList={view.isList}
          {...(view.columns !== null && { columns: view.columns })}
          onTap={onTap}
          onRefused={speech.refused}
          onCard={onCard}
        />
      )}
      {isSelecting ? (
        <SelectionBar
          board={board}
          shown={shown}
          thumb={thumb}
          onMarkAll={markAll}
          onAway={(all) => void onAway(all, 'absent')}
        />
      ) : (
        <RosterBottomBar
          board={board}
          shown={shown}
          nameOf={nameOf}
          undoRef={undo}
          thumb={thumb}
          onPassAll={(all) => markAll(all, true)}
        />
      )}
      <Announcer announcements={speech.announcements} />
      <LessonSheets
        {...{ board, course, assessmentKey, courseHref, students, shown, record, view, threshold }}
        {...{ onTap, onAway, nameOf }}
      />
    </div>
  );
}

/** The outcomes on the grid. Before the disk has told them all the lesson's own stands there alone. */
function useChips(assessment: LocalAssessment): readonly LessonChip[] {
  const { store } = useAccount();
  const { course } = assessment;
  const begun = useLive(() => store.classroom.watchAssessments(course), [store, course]);
  const kept = useLive(() => store.prefs.watch({ course }, pinnedPref), [store, course]);
  return useMemo(
    () =>
      begun.status === 'ready' && kept.status === 'ready'
        ? lessonChips(begun.value, assessment, kept.value)
        : lessonChips([assessment], assessment, pinnedPref.fallback),
    [begun, kept, assessment],
  );
}

/** "7B · Group 2", while only those are shown. */
function partOf({ view, record }: Roster): string | undefined {
  const section = record.sections.find(({ id }) => id === view.section)?.name;
  const group = record.groups.find(({ id }) => id === view.group)?.name;
  const names = [section, group].filter((name) => name !== undefined);
  return names.length === 0 ? undefined : names.join(' · ');
}

/** A picture of the moment: who is marked now stays in view, so that no tile moves under the next tap. */
function notSeenOn(board: LessonBoard, students: readonly RosterStudent[]): ReadonlySet<UserId> {
  return new Set(
    students.map(({ id }) => id).filter((id) => !board.tile(id).isSeen && board.tile(id).away === undefined),
  );
}

/** The share of passes from which the assessed outcome is mastered; null for a free title, undefined while it is read. */
function useThreshold({ course, key, outcomeId }: LocalAssessment): number | null | undefined {
  const { store } = useAccount();
  const outcomes = useLive(() => store.classroom.watchOutcomes(course), [store, course]);
  if (outcomes.status === 'loading') return undefined;
  const id = outcomeId ?? outcomeOfKey(key);
  const outcome =
    outcomes.status === 'ready' ? outcomes.value?.outcomes.find((each) => each.id === id) : undefined;
  return outcome === undefined ? null : thresholdOf(scaleOf(outcome));
}
