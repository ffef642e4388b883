import { dayIn } from '#domain/day.ts';
import type { AssessmentKey, CourseId } from '#domain/ids.ts';
import { shortTitle } from '#features/short-title.ts';
import type { CourseRecord, LocalAssessment } from '#store/classroom.ts';

/** A lesson of today that was begun on this device. */
export interface TodaysLesson {
  readonly course: CourseId;
  readonly courseName: string;
  readonly key: AssessmentKey;
  readonly title: string;
}

/** More than this is a list to search, and the course itself has them all. */
const mostLessons = 6;

/** What was begun here today, each by its own course's day, the latest chosen first. */
export function lessonsOfToday(
  courses: readonly CourseRecord[],
  assessments: readonly LocalAssessment[],
  nowMs: number,
): TodaysLesson[] {
  const byId = new Map(courses.map((course) => [course.id, course]));
  const lessons: TodaysLesson[] = [];
  for (const assessment of assessments) {
    const course = byId.get(assessment.course);
    if (course === undefined || assessment.date !== dayIn(nowMs, course.timeZone)) continue;
    lessons.push({
      course: course.id,
      courseName: course.name,
      key: assessment.key,
      title: shortTitle(assessment),
    });
  }
  return lessons.slice(0, mostLessons);
}
