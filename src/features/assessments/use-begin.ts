import { outcomeKey, titleKey } from '#domain/assessment-key.ts';
import { outcomeTitle, sendableTitle } from '#domain/assessment-title.ts';
import { dayIn } from '#domain/day.ts';
import type { Day } from '#domain/day.ts';
import { outcomeName } from '#domain/outcome.ts';
import type { Outcome } from '#domain/outcome.ts';
import { dayOfKey } from '#domain/assessment-key.ts';
import { useAccount } from '#features/account-context.ts';
import { systemClock } from '#lib/clock.ts';
import type { CourseRecord, LocalAssessment } from '#store/classroom.ts';
import type { BegunAssessment } from './begun-today.ts';

/** What a lesson can begin with. */
export type Beginning =
  | { readonly kind: 'outcome'; readonly outcome: Outcome }
  | { readonly kind: 'title'; readonly title: string }
  | { readonly kind: 'begun'; readonly assessment: BegunAssessment };

type Draft = Omit<LocalAssessment, 'lane' | 'chosenAt' | 'course'>;

/** What is written down of it on this device. @param today the course's day, not the device's */
export function draftOf(beginning: Beginning, today: Day): Draft {
  switch (beginning.kind) {
    case 'outcome': {
      const { outcome } = beginning;
      return {
        key: outcomeKey(today, outcome.id),
        title: outcomeTitle(today, outcomeName(outcome)),
        outcomeId: outcome.id,
        date: today,
      };
    }
    case 'title':
      return {
        key: titleKey(today, beginning.title),
        title: sendableTitle(beginning.title),
        date: today,
      };
    case 'begun': {
      // It exists with its outcome already. Asking for the link again would need a right that assistants lack.
      const { key, title } = beginning.assessment;
      return { key, title, date: dayOfKey(key) ?? today };
    }
    default:
      return beginning satisfies never;
  }
}

/** Begins an assessment, or goes on with it, on this device. @throws StorageError */
export function useBegin(course: CourseRecord): (beginning: Beginning) => Promise<LocalAssessment> {
  const { store } = useAccount();
  return async (beginning) => {
    const now = systemClock.wallMs();
    const draft = draftOf(beginning, dayIn(now, course.timeZone));
    return store.classroom.chooseAssessment({ ...draft, course: course.id, chosenAt: now });
  };
}
