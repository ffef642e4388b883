import { useEffect, useMemo, useState } from 'react';
import type { CourseId, LaneId, UserId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import type { Student } from '#domain/student.ts';
import { useAccount } from '#features/account-context.ts';
import { shortTitle } from '#features/short-title.ts';
import { useLive } from '#store/use-live.ts';

/** What things are called that a mark knows by id only. Whatever has no name any more is called by what is left. */
export interface Names {
  readonly student: (course: CourseId, student: UserId) => string;
  readonly course: (course: CourseId) => string;
  readonly assessment: (mark: Pick<Mark, 'lane' | 'assessmentKey'>) => string;
  /** Those in the class now, to give a mark to. */
  readonly classOf: (course: CourseId) => readonly Student[];
}

interface ClassNames {
  readonly students: readonly Student[];
  readonly names: ReadonlyMap<UserId, string>;
}

/** The names behind these marks, from this device. @returns undefined while they are read */
export function useNames(marks: readonly Mark[]): Names | undefined {
  const { store } = useAccount();
  const courses = useLive(() => store.classroom.watchCourses(), [store]);
  const assessments = useLive(() => store.classroom.watchAllAssessments(), [store]);
  const classes = useClasses(useMemo(() => [...new Set(marks.map(({ course }) => course))].sort(), [marks]));
  if (courses.status === 'failed') throw courses.error;
  if (assessments.status === 'failed') throw assessments.error;
  if (courses.status === 'loading' || assessments.status === 'loading' || classes === undefined)
    return undefined;
  const courseNames = new Map(courses.value.map(({ id, name }) => [id, name]));
  const titles = new Map<LaneId, string>(
    assessments.value.map((assessment) => [assessment.lane, shortTitle(assessment)]),
  );
  return {
    student: (course, student) =>
      classes.get(course)?.names.get(student) ?? 'A student not in the class list',
    course: (course) => courseNames.get(course) ?? 'A course not on this device',
    assessment: ({ lane, assessmentKey }) => titles.get(lane) ?? assessmentKey,
    classOf: (course) => classes.get(course)?.students ?? [],
  };
}

function useClasses(courses: readonly CourseId[]): ReadonlyMap<CourseId, ClassNames> | undefined {
  const { store } = useAccount();
  const [classes, setClasses] = useState<ReadonlyMap<CourseId, ClassNames>>();
  const wanted = courses.join(' ');
  useEffect(() => {
    let isWanted = true;
    const read = async () => {
      const records = await Promise.all(
        wanted.split(' ').map((course) => store.classroom.class(course as CourseId)),
      );
      if (!isWanted) return;
      setClasses(
        new Map(
          records
            .filter((record) => record !== undefined)
            .map(({ course, students, former }) => [
              course,
              { students, names: new Map([...former, ...students].map(({ id, name }) => [id, name])) },
            ]),
        ),
      );
    };
    // Without names the marks are still listed.
    read().catch(() => isWanted && setClasses(new Map()));
    return () => {
      isWanted = false;
    };
  }, [store, wanted]);
  return classes;
}
