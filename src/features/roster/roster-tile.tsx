import { memo } from 'react';
import type { UserId } from '#domain/ids.ts';
import type { LessonBoard } from './lesson-board.ts';
import type { TileFacts } from './tile-facts.ts';
import { wordsForMark, wordsForWhere } from './tile-words.ts';
import { useTile } from './use-board.ts';
import './roster-tile.css';
import './tile-glyphs.css';

/** A student as the tile names them. */
export interface TileStudent {
  readonly id: UserId;
  /** The whole name, as screen readers say it. */
  readonly name: string;
  /** What a teacher calls out, and what is left of the name. */
  readonly first: string;
  readonly rest: string;
}

interface RosterTileProps {
  readonly board: LessonBoard;
  readonly student: TileStudent;
  readonly onCard: (student: UserId) => void;
}

/**
 * One student: the name, what was marked and where that mark is, and the two buttons. The buttons have no handlers
 * of their own: the grid judges all pointers together (`use-tap-gestures.ts`), and finds the student by
 * `data-student`.
 */
export const RosterTile = memo(function RosterTile({ board, student, onCard }: RosterTileProps) {
  const facts = useTile(board, student.id);
  const statusId = `tile-status-${student.id}`;
  return (
    <div
      role="group"
      aria-label={student.name}
      className="tile"
      data-student={student.id}
      data-last={facts.last}
      data-away={facts.away}
      data-alert={facts.needsYou || facts.unsaved !== undefined ? '' : undefined}
    >
      <button
        type="button"
        className="tile-name"
        aria-label={`About ${student.name}`}
        onClick={() => onCard(student.id)}
      >
        <bdi dir="auto" className="tile-first">
          {student.first}
        </bdi>
        <bdi dir="auto" className="tile-rest">
          {student.rest}
        </bdi>
      </button>
      <TileStatus id={statusId} facts={facts} />
      {facts.away !== undefined ? (
        <p className="tile-away">{facts.away}</p>
      ) : (
        <div className="tile-marks">
          <button
            type="button"
            className="mark mark-fail"
            data-mark="fail"
            aria-label={`Fail, ${student.name}`}
            aria-describedby={statusId}
          />
          <button
            type="button"
            className="mark mark-pass"
            data-mark="pass"
            aria-label={`Pass, ${student.name}`}
            aria-describedby={statusId}
          />
        </div>
      )}
    </div>
  );
});

/** Every word is here once: seen where there is room for it, and always there to be spoken. */
function TileStatus({ id, facts }: { readonly id: string; readonly facts: TileFacts }) {
  const { last, passes, tries, where, away, needsYou, unsaved } = facts;
  return (
    <p id={id} className="tile-status">
      {unsaved !== undefined && (
        <>
          <span className="tile-spoken">{wordsForMark(unsaved.passed)} </span>
          <strong>not saved</strong>{' '}
        </>
      )}
      {last !== 'none' && <span className="tile-spoken">{wordsForMark(last === 'pass')} </span>}
      {last === 'none' && away === undefined && <span className="tile-spoken">not seen </span>}
      {tries > 0 && (
        <>
          <span aria-hidden="true" className="tile-tally">
            {passes}/{tries}{' '}
          </span>
          <span className="tile-spoken">
            {passes} of {tries}{' '}
          </span>
        </>
      )}
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
