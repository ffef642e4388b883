import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { IconButton } from '#ui/button.tsx';
import { PlusIcon } from '#ui/icons.tsx';
import type { AssessmentKey } from '#domain/ids.ts';
import { classPath } from '#features/paths.ts';
import { shortTitle } from '#features/short-title.ts';
import type { LocalAssessment } from '#store/classroom.ts';
import { pinnedOn } from './pinned.ts';
import type { Pinned } from './pinned.ts';
import { openSheet } from './roster-ui.ts';

/** An assessment of the day, one tap away. */
export interface LessonChip {
  readonly key: AssessmentKey;
  readonly href: string;
  readonly title: string;
  readonly isCurrent: boolean;
}

/** What stands on the grid on the lesson's day, the lesson itself always among it, in an order that stays. */
export function lessonChips(
  assessments: readonly LocalAssessment[],
  current: Pick<LocalAssessment, 'key' | 'date'>,
  kept: Pinned,
): readonly LessonChip[] {
  return pinnedOn(current.date, kept, assessments, current.key)
    .map((assessment) => ({
      key: assessment.key,
      href: classPath(assessment.course, assessment.key),
      title: shortTitle(assessment),
      isCurrent: assessment.key === current.key,
    }))
    .sort((a, b) => a.title.localeCompare(b.title) || (a.href < b.href ? -1 : 1));
}

export function LessonChips({ chips }: { readonly chips: readonly LessonChip[] }) {
  const row = useRef<HTMLElement>(null);
  // The others may come after the present one, and a tablet is turned.
  useEffect(() => {
    const show = () => {
      row.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    };
    show();
    addEventListener('resize', show);
    return () => removeEventListener('resize', show);
  }, [chips]);
  return (
    <nav ref={row} className="roster-chips" aria-label="Assessments of the day">
      {chips.map(({ href, title, isCurrent }) => (
        <Link key={href} href={href} className="chip" aria-current={isCurrent ? 'page' : undefined}>
          <bdi>{title}</bdi>
        </Link>
      ))}
      <IconButton label="Outcomes of today" onClick={() => openSheet({ kind: 'outcomes' })}>
        <PlusIcon />
      </IconButton>
    </nav>
  );
}
