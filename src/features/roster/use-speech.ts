import { useEffect, useState } from 'react';
import type { UserId } from '#domain/ids.ts';
import { createAnnouncements } from './announcer.tsx';
import type { Announcements } from './announcer.tsx';
import type { RosterStudent } from './arrange-roster.ts';
import type { BoardDeps, LessonBoard } from './lesson-board.ts';
import { explainAllSent, explainSent } from './sent-toast.ts';
import type { AwayReason } from './tile-facts.ts';
import { wordsForMark, wordsForTile } from './tile-words.ts';

/** What is said aloud of taps; its functions stay the same for the whole lesson. */
export interface Speech {
  readonly announcements: Announcements;
  readonly settled: NonNullable<BoardDeps['onSettled']>;
  readonly refused: () => void;
  /** Single mode: their marks have been sent, and were not replaced. */
  readonly sent: (students: readonly UserId[], passed: boolean) => void;
  /** Says all that the tile of a student says. */
  readonly tell: (student: UserId) => void;
  /** Somebody is not counted today, or is again. */
  readonly away: (student: UserId, reason: AwayReason | undefined) => void;
  /** What the latest failed write threw. */
  readonly lastError: () => unknown;
  /** Whom and what it speaks of. */
  readonly about: (facts: {
    board: LessonBoard;
    threshold: number | null;
    students: readonly RosterStudent[];
  }) => void;
}

export function useSpeech(): Speech {
  const [speech] = useState(createSpeech);
  return speech;
}

/** Tells the speech what the screen has learnt. */
export function useSpeechAbout(
  speech: Speech,
  board: LessonBoard,
  threshold: number | null,
  students: readonly RosterStudent[] | undefined,
): void {
  useEffect(() => {
    if (students !== undefined) speech.about({ board, threshold, students });
  }, [speech, board, threshold, students]);
}

function createSpeech(): Speech {
  const announcements = createAnnouncements();
  let known = new Map<UserId, RosterStudent>();
  let tileWords: (student: UserId) => string = () => '';
  let add: (student: UserId, passed: boolean) => void = () => undefined;
  let lastError: unknown;
  const say = (student: UserId, words: string) =>
    announcements.say(`${known.get(student)?.name ?? ''}: ${words}`);
  const sent: Speech['sent'] = ([id, ...more], passed) => {
    const student = id && known.get(id);
    if (more.length > 0) explainAllSent(1 + more.length);
    else if (student) explainSent(student, passed, () => add(student.id, passed));
  };
  return {
    announcements,
    sent,
    tell: (student) => say(student, tileWords(student)),
    away: (student, reason) => say(student, reason ?? 'counted again'),
    settled: (taps, outcome, error) => {
      if (outcome === 'failed') lastError = error;
      const [first, ...more] = taps;
      if (first === undefined) return;
      const isSaved = outcome === 'saved';
      if (outcome === 'too-late')
        sent(
          taps.map(({ student }) => student),
          first.passed,
        );
      if (more.length === 0) say(first.student, tileWords(first.student));
      else
        announcements.say(
          `${taps.length} marks, ${wordsForMark(first.passed)}, ${isSaved ? 'saved here' : 'not saved'}`,
        );
    },
    refused: () => announcements.say('Several touches at once: nobody was marked'),
    lastError: () => lastError,
    about: ({ board, threshold, students }) => {
      known = new Map(students.map((student) => [student.id, student]));
      tileWords = (student) => wordsForTile(board.tile(student), threshold);
      add = (student, passed) => board.tapAgain(student, passed);
    },
  };
}
