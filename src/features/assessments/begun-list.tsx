import { useId } from 'react';
import { dayOfKey } from '#domain/assessment-key.ts';
import { shortTitle } from '#features/short-title.ts';
import { ForwardIcon } from '#ui/icons.tsx';
import type { BegunAssessment } from './begun-today.ts';

interface BegunListProps {
  readonly heading?: string;
  readonly assessments: readonly BegunAssessment[];
  readonly onStart: (assessment: BegunAssessment) => void;
}

/** Assessments that exist already, to go on with. */
export function BegunList({ heading, assessments, onStart }: BegunListProps) {
  const id = useId();
  return (
    <section className="section" {...(heading === undefined ? {} : { 'aria-labelledby': id })}>
      {heading !== undefined && <h2 id={id}>{heading}</h2>}
      <ul className="lines">
        {assessments.map((assessment) => (
          <li key={assessment.key}>
            <button
              type="button"
              className="line"
              onClick={() => {
                onStart(assessment);
              }}
            >
              <span className="line-words">
                <bdi className="line-title">{shortTitle(assessment)}</bdi>
                <span className="line-note">
                  {assessment.here
                    ? heading === undefined
                      ? (dayOfKey(assessment.key) ?? 'another client’s')
                      : 'begun on this device'
                    : 'begun in Canvas by a colleague or on another device'}
                </span>
              </span>
              <ForwardIcon />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
