import { create } from 'zustand';
import type { UserId } from '#domain/ids.ts';

/** What lies over the grid. */
export type RosterSheet =
  | { readonly kind: 'card'; readonly student: UserId }
  | { readonly kind: 'view' | 'picker' | 'outcomes' | 'end' | 'keys' };

/** What is hidden while others can see the screen. */
export type Shield = 'names' | 'results';

interface RosterUi {
  readonly search: string;
  readonly isSearching: boolean;
  /** Those who were not seen when they were asked for; undefined: everybody is shown. */
  readonly only: ReadonlySet<UserId> | undefined;
  readonly sheet: RosterSheet | undefined;
  /** True while touches choose students instead of marking them. */
  readonly isSelecting: boolean;
  readonly shield: Shield | undefined;
  /** What the shield hid last, to hide the same again with one tap. */
  readonly lastShield: Shield;
}

const start: RosterUi = {
  search: '',
  isSearching: false,
  only: undefined,
  sheet: undefined,
  isSelecting: false,
  shield: undefined,
  lastShield: 'results',
};

/** What the marking screen shows at the moment; nothing of it outlives the lesson. */
export const useRosterUi = create<RosterUi>(() => start);

/** A lesson is opened: nothing of the one before is left. The shield stays, because the projector does. */
export function resetRosterUi(): void {
  const { shield, lastShield } = useRosterUi.getState();
  useRosterUi.setState({ ...start, shield, lastShield });
}

export function openSheet(sheet: RosterSheet | undefined): void {
  useRosterUi.setState({ sheet });
}

export function toggleShield(): void {
  useRosterUi.setState(({ shield, lastShield }) => ({
    shield: shield === undefined ? lastShield : undefined,
  }));
}

export function chooseShield(shield: Shield): void {
  useRosterUi.setState((state) => ({
    lastShield: shield,
    shield: state.shield === undefined ? undefined : shield,
  }));
}

export function search(text: string): void {
  useRosterUi.setState({ search: text, isSearching: true });
}

export function endSearch(): void {
  useRosterUi.setState({ search: '', isSearching: false });
}
