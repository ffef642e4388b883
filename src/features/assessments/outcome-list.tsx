import { useId, useState } from 'react';
import { matchesSearch, foldText } from '#domain/names.ts';
import { outcomeName } from '#domain/outcome.ts';
import type { Outcome } from '#domain/outcome.ts';
import { Button } from '#ui/button.tsx';
import { ForwardIcon, SearchIcon } from '#ui/icons.tsx';
import { TextField } from '#ui/text-field.tsx';

/** With fewer than this a search costs more than a look. */
const searchFrom = 7;
/** More lines than this at once would be slow to draw and slower to read. */
const mostLines = 100;

interface OutcomeListProps {
  readonly outcomes: readonly Outcome[];
  readonly onStart: (outcome: Outcome) => void;
}

/** The outcomes of the course, found by any part of their names. */
export function OutcomeList({ outcomes, onStart }: OutcomeListProps) {
  const [query, setQuery] = useState('');
  const said = useId();
  const found = outcomes.filter((outcome) =>
    matchesSearch(
      foldText(`${outcome.title} ${outcome.displayName ?? ''} ${outcome.groupTitle ?? ''}`),
      query,
    ),
  );
  return (
    <>
      {outcomes.length >= searchFrom && (
        <TextField
          label="Find an outcome"
          type="search"
          value={query}
          onChange={setQuery}
          icon={<SearchIcon />}
        />
      )}
      <p id={said} className="visually-hidden" aria-live="polite">
        {query === '' ? '' : `${found.length.toString()} of ${outcomes.length.toString()} outcomes`}
      </p>
      {found.length === 0 ? (
        <p className="section-note">
          No outcome has “{query}” in its name.{' '}
          <Button
            tone="quiet"
            onClick={() => {
              setQuery('');
            }}
          >
            Show all
          </Button>
        </p>
      ) : (
        <ul className="lines">
          {found.slice(0, mostLines).map((outcome) => (
            <li key={outcome.id}>
              <button
                type="button"
                className="line"
                onClick={() => {
                  onStart(outcome);
                }}
              >
                <span className="line-words">
                  <bdi className="line-title">{outcomeName(outcome)}</bdi>
                  <OutcomeNote outcome={outcome} />
                </span>
                <ForwardIcon />
              </button>
            </li>
          ))}
        </ul>
      )}
      {found.length > mostLines && (
        <p className="section-note">
          {`${(found.length - mostLines).toString()} more; type a part of the name to see them.`}
        </p>
      )}
    </>
  );
}

function OutcomeNote({ outcome }: { readonly outcome: Outcome }) {
  const notes = [
    outcome.displayName !== undefined && outcome.displayName !== outcome.title ? outcome.title : undefined,
    outcome.groupTitle,
    outcome.masteryPoints === undefined || outcome.pointsPossible === undefined
      ? undefined
      : `mastery at ${outcome.masteryPoints.toString()} of ${outcome.pointsPossible.toString()}`,
  ].filter((note) => note !== undefined);
  if (notes.length === 0) return null;
  return (
    <span className="line-note">
      <bdi>{notes.join(' · ')}</bdi>
    </span>
  );
}
