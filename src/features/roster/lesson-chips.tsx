import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { IconLink } from '#ui/button-link.tsx';
import { PlusIcon } from '#ui/icons.tsx';
import { classPath } from '#features/paths.ts';
import type { LocalAssessment } from '#store/classroom.ts';
import { shortTitle } from '#features/short-title.ts';
import type { LaneId } from '#domain/ids.ts';

/** An assessment of the day, one tap away. */
export interface LessonChip {
  readonly href: string;
  readonly title: string;
  readonly isCurrent: boolean;
}

/** More would not fit beside each other; the course has them all. */
const mostChips = 6;

/** What was begun on the lesson's day, the lesson itself always among it, in an order that stays. */
export function lessonChips(
  assessments: readonly LocalAssessment[],
  current: Pick<LocalAssessment, 'lane' | 'date'>,
): readonly LessonChip[] {
  const ofTheDay = assessments.filter(({ date }) => date === current.date);
  const isCurrent = (lane: LaneId) => lane === current.lane;
  const kept = [...ofTheDay]
    .sort((a, b) => Number(isCurrent(b.lane)) - Number(isCurrent(a.lane)) || b.chosenAt - a.chosenAt)
    .slice(0, mostChips);
  return kept
    .map((assessment) => ({
      href: classPath(assessment.course, assessment.key),
      title: shortTitle(assessment),
      isCurrent: isCurrent(assessment.lane),
    }))
    .sort((a, b) => a.title.localeCompare(b.title) || (a.href < b.href ? -1 : 1));
}

interface LessonChipsProps {
  readonly chips: readonly LessonChip[];
  readonly addHref: string;
}

export function LessonChips({ chips, addHref }: LessonChipsProps) {
  const row = useRef<HTMLElement>(null);
  const current = chips.find(({ isCurrent }) => isCurrent)?.href;
  useEffect(() => {
    row.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current]);
  return (
    <nav ref={row} className="roster-chips" aria-label="Assessments of the day">
      {chips.map(({ href, title, isCurrent }) => (
        <Link key={href} href={href} className="chip" aria-current={isCurrent ? 'page' : undefined}>
          <bdi>{title}</bdi>
        </Link>
      ))}
      <IconLink href={addHref} label="Assess something else">
        <PlusIcon />
      </IconLink>
    </nav>
  );
}
