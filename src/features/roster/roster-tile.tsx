import { memo } from 'react';
import type { CSSProperties } from 'react';
import type { UserId } from '#domain/ids.ts';
import type { LessonBoard } from './lesson-board.ts';
import { Portrait } from './portrait.tsx';
import { ticksStyle } from './round-ticks.ts';
import type { Shield } from './roster-ui.ts';
import type { TileFacts } from './tile-facts.ts';
import { TileStatus } from './tile-status.tsx';
import { hasMastered } from './tile-words.ts';
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
  /** What stands for the name while it is hidden, and for a picture that is not there. */
  readonly initials: string;
  /** An address on our own origin: nothing else may be asked for (no third party is contacted). */
  readonly picture?: string;
}

interface RosterTileProps {
  readonly board: LessonBoard;
  readonly student: TileStudent;
  /** The share of passes from which the outcome is mastered; null where there is none. */
  readonly threshold: number | null;
  /** Whether tiles of this class have a picture, or initials in its place. */
  readonly hasFaces: boolean;
  /** What others must not see. */
  readonly shield: Shield | undefined;
  readonly onCard: (student: UserId) => void;
}

/**
 * One student: the name, what was marked and where that mark is, and the two buttons. The buttons have no handlers
 * of their own: the grid judges all pointers together (`use-tap-gestures.ts`), and finds the student by
 * `data-student`.
 */
export const RosterTile = memo(function RosterTile(props: RosterTileProps) {
  const { board, student, threshold, hasFaces, shield, onCard } = props;
  const hidesResults = shield === 'results';
  const facts = useTile(board, student.id);
  const statusId = `tile-status-${student.id}`;
  const awayId = `tile-away-${student.id}`;
  return (
    <div
      role="group"
      aria-label={student.name}
      className="tile"
      style={hidesResults ? undefined : shareStyle(facts)}
      data-student={student.id}
      data-last={facts.isSeen && !hidesResults ? facts.last : 'none'}
      data-away={facts.away}
      data-mastered={hasMastered(facts, threshold) === true ? '' : undefined}
      data-alert={facts.needsYou || facts.unsaved !== undefined ? '' : undefined}
      data-caught={facts.caught}
      data-selected={facts.isSelected ? '' : undefined}
    >
      <button
        type="button"
        className="tile-name"
        aria-label={`About ${student.name}`}
        aria-describedby={facts.away === undefined ? undefined : `${awayId} ${hidesResults ? '' : statusId}`}
        onClick={() => onCard(student.id)}
      >
        <bdi dir="auto" className="tile-first">
          {shield === 'names' ? student.initials : student.first}
        </bdi>
        <bdi dir="auto" className="tile-rest">
          {shield === 'names' ? '' : student.rest}
        </bdi>
      </button>
      {hasFaces && shield !== 'names' && <Portrait student={student} />}
      {facts.layers !== '' && !hidesResults && (
        <span className="tile-ticks" style={ticksStyle(facts.layers)} />
      )}
      {!hidesResults && <TileStatus id={statusId} facts={facts} threshold={threshold} />}
      {facts.away !== undefined ? (
        <p id={awayId} className="tile-away">
          {facts.away}
        </p>
      ) : (
        <div className="tile-marks">
          <button
            type="button"
            className="mark mark-fail"
            data-mark="fail"
            aria-label={`Fail, ${student.name}`}
            aria-describedby={hidesResults ? undefined : statusId}
          />
          <button
            type="button"
            className="mark mark-pass"
            data-mark="pass"
            aria-label={`Pass, ${student.name}`}
            aria-describedby={hidesResults ? undefined : statusId}
          />
        </div>
      )}
    </div>
  );
});

/** How far the bar under the name is filled. */
function shareStyle({ passes, tries }: TileFacts): CSSProperties | undefined {
  return tries === 0 ? undefined : ({ '--share': `${(100 * passes) / tries}%` } as CSSProperties);
}
