import type { TileFacts } from './tile-facts.ts';
import { hasMastered, percentOf, wordsForMark, wordsForWhere } from './tile-words.ts';

interface TileStatusProps {
  readonly id: string;
  readonly facts: TileFacts;
  readonly threshold: number | null;
}

/** Every word is here once: seen where there is room for it, and always there to be spoken. */
export function TileStatus({ id, facts, threshold }: TileStatusProps) {
  const { last, tries, where, away, needsYou, unsaved, caught, isSeen, isSelected } = facts;
  return (
    <p id={id} className="tile-status">
      {isSelected && <span className="tile-spoken">chosen </span>}
      {unsaved !== undefined && (
        <>
          <span className="tile-spoken">{wordsForMark(unsaved.passed)} </span>
          <strong>not saved</strong>{' '}
        </>
      )}
      {caught !== undefined && (
        <>
          <strong>again?</strong>{' '}
          <span className="tile-spoken">second tap held back, tap again to add it </span>
        </>
      )}
      {last !== 'none' && !isSeen && <span className="tile-spoken">not seen in this round, </span>}
      {last !== 'none' && <span className="tile-spoken">{wordsForMark(last === 'pass')} </span>}
      {last === 'none' && away === undefined && <span className="tile-spoken">not seen </span>}
      {tries > 0 && <Tally facts={facts} threshold={threshold} />}
      {where !== undefined && (
        <>
          <span className={`glyph glyph-${where}`} />
          <span className={where === 'needs-you' ? 'tile-needs' : 'tile-where'}>{wordsForWhere(where)}</span>
        </>
      )}
      {needsYou && where !== 'needs-you' && <span className="tile-spoken"> an earlier mark needs you</span>}
    </p>
  );
}

function Tally({ facts, threshold }: Omit<TileStatusProps, 'id'>) {
  const { passes, tries } = facts;
  const percent = percentOf(facts, threshold);
  return (
    <>
      <span aria-hidden="true" className="tile-tally">
        {passes}/{tries}{' '}
      </span>
      <span className="tile-spoken">
        {passes} of {tries}{' '}
      </span>
      {percent !== undefined && <span className="tile-percent">{percent}% </span>}
      {hasMastered(facts, threshold) === true && <span className="tile-spoken">mastered </span>}
    </>
  );
}
