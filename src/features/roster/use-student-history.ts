import { useEffect, useMemo, useState } from 'react';
import type { CourseId, LaneId, UserId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { useAccount } from '#features/account-context.ts';
import { useLive } from '#store/use-live.ts';
import { studentHistory } from './student-history.ts';
import type { HistoryLine } from './student-history.ts';

/** So many assessments are looked through, the latest first: about two months of three a week. */
const mostAssessments = 24;

/** How a student stands in every outcome, as far as this device knows. Grows as the disk answers. */
export function useStudentHistory(course: CourseId, student: UserId): readonly HistoryLine[] {
  const { store } = useAccount();
  const known = useLive(() => store.classroom.watchAssessments(course), [store, course]);
  const outcomes = useLive(() => store.classroom.watchOutcomes(course), [store, course]);
  const assessments = useMemo(
    () => (known.status === 'ready' ? known.value.slice(0, mostAssessments) : []),
    [known],
  );
  const [marks, setMarks] = useState<ReadonlyMap<LaneId, readonly Mark[]>>(new Map());
  useEffect(() => {
    const endings = assessments.map(({ lane }) =>
      store.watch.lane(lane).subscribe(({ marks: all }) => {
        const own = all.filter((mark) => mark.student === student);
        setMarks((before) => new Map(before).set(lane, own));
      }),
    );
    return () => {
      for (const end of endings) end();
    };
  }, [store, assessments, student]);
  const list = outcomes.status === 'ready' ? outcomes.value?.outcomes : undefined;
  return useMemo(
    () => studentHistory(student, assessments, list ?? [], (lane) => marks.get(lane) ?? []),
    [student, assessments, list, marks],
  );
}
