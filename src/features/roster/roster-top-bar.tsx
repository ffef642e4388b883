import { useCallback, useEffect, useRef } from 'react';
import type { UserId } from '#domain/ids.ts';
import { Chip, IconButton } from '#ui/button.tsx';
import { IconLink } from '#ui/button-link.tsx';
import { BackIcon, CloseIcon, ContrastIcon, EyeIcon, EyeOffIcon, MoreIcon, SearchIcon } from '#ui/icons.tsx';
import { chooseTheme, themeAfter, useTheme } from '#ui/theme.ts';
import type { Theme } from '#ui/theme.ts';
import type { LessonBoard } from './lesson-board.ts';
import { LessonChips } from './lesson-chips.tsx';
import type { LessonChip } from './lesson-chips.tsx';
import { endSearch, openSheet, search, toggleShield, useRosterUi } from './roster-ui.ts';
import type { TileFacts } from './tile-facts.ts';
import { useCounters } from './use-board.ts';
import { useKeptFocus } from './use-kept-focus.ts';
import './roster-bars.css';

interface RosterTopBarProps {
  readonly board: LessonBoard;
  readonly courseName: string;
  readonly courseHref: string;
  /** The section and group that alone are shown; undefined for the whole class. */
  readonly part: string | undefined;
  /** The students of that part; absent: the whole class. */
  readonly inPart?: readonly { readonly id: UserId }[] | undefined;
  /** What is assessed today, this lesson's among it. */
  readonly chips: readonly LessonChip[];
  readonly onNotSeen: () => void;
}

export function RosterTopBar(props: RosterTopBarProps) {
  const { board, courseName, courseHref, part, inPart, chips, onNotSeen } = props;
  const isSearching = useRosterUi((state) => state.isSearching);
  const heading = useRef<HTMLHeadingElement>(null);
  useKeptFocus(
    courseHref,
    useCallback(() => heading.current?.focus({ preventScroll: true }), []),
  );
  return (
    <header className="roster-bar roster-top">
      <IconLink href={courseHref} label="Back to the course">
        <BackIcon />
      </IconLink>
      <div className="roster-title">
        <h1 ref={heading} tabIndex={-1} dir="auto">
          {courseName}
        </h1>
        {part !== undefined && (
          <p className="roster-part">
            only <bdi>{part}</bdi>
          </p>
        )}
      </div>
      {isSearching ? (
        <SearchField />
      ) : (
        <>
          <LessonChips chips={chips} />
          <NotSeenChip board={board} among={inPart} onToggle={onNotSeen} />
          <IconButton label="Search" onClick={() => search('')}>
            <SearchIcon />
          </IconButton>
          <ShieldButton />
          <ThemeButton />
          <IconButton label="View" onClick={() => openSheet({ kind: 'view' })}>
            <MoreIcon />
          </IconButton>
        </>
      )}
    </header>
  );
}

interface NotSeenChipProps {
  readonly board: LessonBoard;
  /** Those who are shown when it is tapped; undefined: the whole class. */
  readonly among: RosterTopBarProps['inPart'];
  readonly onToggle: () => void;
}

/** Exported for its test. */
export function NotSeenChip({ board, among, onToggle }: NotSeenChipProps) {
  // Who is seen or away is counted in the whole class too, so a change among some of it is told.
  const { notSeen, round } = useCounters(board);
  const shown = among?.filter(({ id }) => isMissing(board.tile(id))).length ?? notSeen;
  const isOn = useRosterUi((state) => state.only !== undefined);
  return (
    <Chip className="roster-not-seen" aria-pressed={isOn} onClick={onToggle}>
      {round > 1 && <span className="roster-round">Round {round} </span>}
      <span>
        Not seen <b>{shown}</b>
      </span>
    </Chip>
  );
}

function isMissing({ isSeen, away }: TileFacts): boolean {
  return !isSeen && away === undefined;
}

/** One tap before the tablet is handed round, one after. */
function ShieldButton() {
  const shield = useRosterUi((state) => state.shield);
  const what = useRosterUi((state) => state.lastShield);
  return (
    <IconButton label={`Hide ${what}`} aria-pressed={shield !== undefined} onClick={toggleShield}>
      {shield === undefined ? <EyeIcon /> : <EyeOffIcon />}
    </IconButton>
  );
}

const looks: Readonly<Record<Theme, string>> = {
  system: 'as the device',
  light: 'light',
  dark: 'dark',
  sun: 'sun',
};

function ThemeButton() {
  const theme = useTheme((state) => state.theme);
  const after = themeAfter(theme);
  return (
    <IconButton label={`Look: ${looks[theme]}. Change to ${looks[after]}`} onClick={() => chooseTheme(after)}>
      <ContrastIcon />
    </IconButton>
  );
}

function SearchField() {
  const text = useRosterUi((state) => state.search);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <div className="roster-search">
      <input
        ref={input}
        type="search"
        aria-label="Search by name"
        placeholder="Any part of a name"
        autoComplete="off"
        spellCheck={false}
        dir="auto"
        value={text}
        onChange={(event) => search(event.target.value)}
      />
      <IconButton label="Close search" onClick={endSearch}>
        <CloseIcon />
      </IconButton>
    </div>
  );
}
