import { useEffect, useRef, useState } from 'react';
import { Chip, IconButton } from '#ui/button.tsx';
import { IconLink } from '#ui/button-link.tsx';
import { BackIcon, CloseIcon, SearchIcon } from '#ui/icons.tsx';
import type { LessonBoard } from './lesson-board.ts';
import { useCounters } from './use-board.ts';
import './roster-bars.css';

interface RosterTopBarProps {
  readonly board: LessonBoard;
  readonly courseName: string;
  /** What is assessed: the outcome's name or the free title. */
  readonly subject: string;
  readonly backHref: string;
  readonly search: string;
  readonly onSearch: (text: string) => void;
  readonly showsNotSeen: boolean;
  readonly onNotSeen: () => void;
}

export function RosterTopBar(props: RosterTopBarProps) {
  const [isSearching, setSearching] = useState(false);
  const close = () => {
    setSearching(false);
    props.onSearch('');
  };
  return (
    <header className="roster-bar roster-top">
      <IconLink href={props.backHref} label="Back to the course">
        <BackIcon />
      </IconLink>
      <div className="roster-title">
        <h1 dir="auto">{props.courseName}</h1>
        <p dir="auto">{props.subject}</p>
      </div>
      {isSearching ? (
        <SearchField text={props.search} onText={props.onSearch} onClose={close} />
      ) : (
        <>
          <NotSeenChip board={props.board} isOn={props.showsNotSeen} onToggle={props.onNotSeen} />
          <IconButton label="Search" onClick={() => setSearching(true)}>
            <SearchIcon />
          </IconButton>
        </>
      )}
    </header>
  );
}

function NotSeenChip(props: {
  readonly board: LessonBoard;
  readonly isOn: boolean;
  readonly onToggle: () => void;
}) {
  const { notSeen } = useCounters(props.board);
  return (
    <Chip aria-pressed={props.isOn} onClick={props.onToggle}>
      Not seen <b>{notSeen}</b>
    </Chip>
  );
}

interface SearchFieldProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
}

function SearchField({ text, onText, onClose }: SearchFieldProps) {
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
        onChange={(event) => onText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose();
        }}
      />
      <IconButton label="Close search" onClick={onClose}>
        <CloseIcon />
      </IconButton>
    </div>
  );
}
