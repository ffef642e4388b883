import { useEffect, useRef } from 'react';
import { navigate } from 'wouter/use-browser-location';
import type { UserId } from '#domain/ids.ts';
import { useAccount } from '#features/account-context.ts';
import { showToast } from '#ui/toast-store.ts';
import { handsPref } from './lesson-prefs.ts';
import { columnsShown, focusedStudent, focusName, moveFocus } from './roster-focus.ts';
import { endSearch, openSheet, useRosterUi } from './roster-ui.ts';
import type { TapManner, TapTarget } from './tap-gestures.ts';

export interface RosterKeys {
  readonly students: readonly { readonly id: UserId }[];
  /** The outcomes on the grid, from the left. */
  readonly chips: readonly { readonly href: string }[];
  readonly onTap: (target: TapTarget, how: TapManner) => void;
  readonly onUndo: () => void;
  readonly onAway: (student: UserId) => void;
}

/** Every key of the marking screen, for the eye; `?` shows them. */
export const keyHelp = [
  ['← → ↑ ↓', 'from student to student; page keys and clickers too'],
  ['P', 'pass; on a clicker the key for a black screen'],
  ['F', 'not yet'],
  ['N', 'not counted today, or counted again'],
  ['I', 'about the student'],
  ['U', 'undo'],
  ['/', 'search'],
  ['R', 'pick a student'],
  ['1 to 6', 'another outcome of today'],
  ['O', 'add an outcome, or take one off'],
  ['Esc', 'back: out of a sheet, a search, the not seen'],
  ['?', 'these keys'],
] as const;

/** A whole lesson by keyboard, switch or clicker. Keys pressed in a field or a sheet are left alone. */
export function useRosterKeys(keys: RosterKeys): void {
  const hasSingleKeys = useSingleKeys();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      // Before a sheet has the focus its own keys do not reach it.
      if (event.key === 'Escape' && !event.defaultPrevented) stepBack();
      if (isElsewhere(event) || (!hasSingleKeys.current && actsAnywhere(event.key))) return;
      const act = actionFor(event, keys);
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [keys, hasSingleKeys]);
}

function useSingleKeys() {
  const { store } = useAccount();
  const hasSingleKeys = useRef(handsPref.fallback.singleKeys);
  useEffect(
    () =>
      store.prefs.watch('account', handsPref).subscribe(({ singleKeys }) => {
        hasSingleKeys.current = singleKeys;
      }),
    [store],
  );
  return hasSingleKeys;
}

/** Other keys act on the student who has the focus, or are no characters. */
function actsAnywhere(key: string): boolean {
  return /^[uro/?1-6]$/i.test(key);
}

/** Escape: out of the sheet, then out of the search, then back to everybody. */
function stepBack(): void {
  const { sheet, isSearching, only } = useRosterUi.getState();
  if (sheet !== undefined) openSheet(undefined);
  else if (isSearching) endSearch();
  else if (only !== undefined) useRosterUi.setState({ only: undefined });
}

function isElsewhere(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
  if (useRosterUi.getState().sheet !== undefined) return true;
  return event.target instanceof Element && event.target.closest('input, select, textarea, dialog') !== null;
}

function actionFor(event: KeyboardEvent, keys: RosterKeys): (() => void) | undefined {
  const step = stepFor(event.key);
  if (step !== undefined) return () => moveFocus(keys.students, step);
  if (event.repeat) return undefined;
  const student = focusedStudent();
  const mark = (passed: boolean) =>
    student === undefined
      ? undefined
      : isFocusedAway()
        ? sayAway
        : () => keys.onTap({ student, passed }, { by: 'key', atMs: event.timeStamp });
  switch (event.key.toLowerCase()) {
    case 'p':
    case 'b': // what a clicker sends for a black screen
    case '.':
      return mark(true);
    case 'f':
      return mark(false);
    case 'n':
      return student === undefined ? undefined : () => putAway(student, keys);
    case 'i':
      return student === undefined ? undefined : () => openSheet({ kind: 'card', student });
    case 'u':
      return keys.onUndo;
    case 'r':
      return () => openSheet({ kind: 'picker' });
    case 'o':
      return () => openSheet({ kind: 'outcomes' });
    case '/':
      return () => useRosterUi.setState({ isSearching: true });
    case '?':
      return () => openSheet({ kind: 'keys' });
    default: {
      const chip = /^[1-6]$/.test(event.key) ? keys.chips[Number(event.key) - 1] : undefined;
      return chip === undefined ? undefined : () => navigate(chip.href);
    }
  }
}

/** Their tile has no buttons: a key may do no more than a finger. */
function isFocusedAway(): boolean {
  return document.activeElement?.closest<HTMLElement>('.tile')?.dataset['away'] !== undefined;
}

function sayAway(): void {
  showToast({ words: 'Not counted today, so nothing was marked. The key N counts this student again.' });
}

function putAway(student: UserId, { onAway }: RosterKeys): void {
  focusName(student);
  onAway(student);
}

function stepFor(key: string): number | undefined {
  const ahead = getComputedStyle(document.documentElement).direction === 'rtl' ? -1 : 1;
  switch (key) {
    case 'ArrowRight':
      return ahead;
    case 'ArrowLeft':
      return -ahead;
    case 'ArrowDown':
      return columnsShown();
    case 'ArrowUp':
      return -columnsShown();
    case 'PageDown':
      return 1;
    case 'PageUp':
      return -1;
    default:
      return undefined;
  }
}
