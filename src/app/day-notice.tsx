import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { dayIn } from '#domain/day.ts';
import type { Day } from '#domain/day.ts';
import { useAccount } from '#features/account-context.ts';
import { useBegin } from '#features/assessments/use-begin.ts';
import type { Beginning } from '#features/assessments/use-begin.ts';
import { classPath, coursePath } from '#features/paths.ts';
import { tellNotKept } from '#features/tell-not-kept.ts';
import { systemClock } from '#lib/clock.ts';
import type { CourseRecord, LocalAssessment } from '#store/classroom.ts';
import { useLive } from '#store/use-live.ts';
import { ButtonLink } from '#ui/button-link.tsx';
import { Button } from '#ui/button.tsx';
import { NoticeBar } from '#ui/notice-bar.tsx';
import { otherDayWords, sameAgain } from './other-day.ts';
import { stayPref, staysIn } from './stay-pref.ts';

interface DayNoticeProps {
  readonly course: CourseRecord;
  readonly assessment: LocalAssessment;
}

/** Says that the lesson on the screen is not today's: a tablet that slept through the night wakes up in yesterday's. */
export function DayNotice({ course, assessment }: DayNoticeProps) {
  const { store } = useAccount();
  const today = useToday(course.timeZone);
  const [stayedOn, setStayedOn] = useState<Day>();
  const kept = useLive(() => store.prefs.watch({ course: course.id }, stayPref), [store, course.id]);
  const outcomes = useLive(() => store.classroom.watchOutcomes(course.id), [store, course.id]);
  const words = otherDayWords(assessment.date, today);
  if (words === undefined || stayedOn === today) return null;
  if (outcomes.status === 'loading' || kept.status === 'loading') return null;
  if (kept.status === 'ready' && staysIn(kept.value, assessment.date, today)) return null;
  const known = outcomes.status === 'ready' ? outcomes.value?.outcomes : undefined;
  const beginning = sameAgain(assessment, known ?? []);
  const stay = () => {
    setStayedOn(today);
    // A disk that does not take it asks again: nothing is lost.
    store.prefs
      .write({ course: course.id }, stayPref, { lesson: assessment.date, on: today })
      .catch(() => undefined);
  };
  return (
    <NoticeBar tone="accent">
      <p>
        <strong>{words}</strong> What you mark here is added to it.
      </p>
      {beginning === undefined ? (
        <ButtonLink href={coursePath(course.id)} tone="primary">
          Choose today’s
        </ButtonLink>
      ) : (
        <BeginToday course={course} beginning={beginning} />
      )}
      <Button onClick={stay}>Stay in this one</Button>
    </NoticeBar>
  );
}

function BeginToday({ course, beginning }: { readonly course: CourseRecord; readonly beginning: Beginning }) {
  const [, navigate] = useLocation();
  const begin = useBegin(course);
  const beginToday = () => {
    begin(beginning).then(
      ({ key }) => navigate(classPath(course.id, key), { replace: true }),
      () => tellNotKept(),
    );
  };
  return (
    <Button tone="primary" onClick={beginToday}>
      Begin today’s
    </Button>
  );
}

/** A lesson may be open at midnight, and a page that sleeps has no timers. */
const lookMs = 60_000;

function useToday(timeZone: string | null): Day {
  const [nowMs, setNowMs] = useState(() => systemClock.wallMs());
  useEffect(() => {
    const look = () => setNowMs(systemClock.wallMs());
    const timer = setInterval(look, lookMs);
    document.addEventListener('visibilitychange', look);
    window.addEventListener('pageshow', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
      window.removeEventListener('pageshow', look);
    };
  }, []);
  return dayIn(nowMs, timeZone);
}
