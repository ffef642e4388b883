import { useState } from 'react';
import { useAccount } from '#features/account-context.ts';
import { tellNotKept } from '#features/tell-not-kept.ts';
import type { Pref, PrefScope } from '#store/prefs.ts';
import { useLive } from '#store/use-live.ts';
import { Button } from '#ui/button.tsx';
import { ChoiceGroup } from '#ui/choice-group.tsx';
import { chooseTheme, useTheme } from '#ui/theme.ts';
import type { Theme } from '#ui/theme.ts';
import { columnRange } from './grid-layout.ts';
import { handsPref, markingModePref, rosterViewPref } from './lesson-prefs.ts';
import type { RosterSort, RosterView } from './lesson-prefs.ts';
import { chooseShield, openSheet, useRosterUi } from './roster-ui.ts';
import type { SheetLesson } from './sheet-lesson.ts';

interface ViewSheetProps {
  readonly lesson: SheetLesson;
  readonly onClose: () => void;
}

/** How the class is shown and marked: order, part of the class, size, hands, look. All remembered. */
export function ViewSheet({ lesson, onClose }: ViewSheetProps) {
  const { course } = lesson;
  const [view, setView] = usePref({ course }, rosterViewPref, { first: lesson.view });
  const change = (changes: Partial<RosterView>) => setView({ ...view, ...changes });
  const select = () => {
    useRosterUi.setState({ isSelecting: true });
    onClose();
  };
  return (
    <div className="view-sheet">
      <Button onClick={select}>Choose several to mark together</Button>
      <ChoiceGroup
        legend="Order"
        choices={sorts}
        value={view.sort}
        onChange={(sort) => change({ sort, seed: view.seed + 1 })}
      />
      {(view.sort === 'shuffle' || view.sort === 'least-seen') && (
        <Button onClick={() => change({ seed: view.seed + 1 })}>
          {view.sort === 'shuffle' ? 'Shuffle again' : 'Order anew'}
        </Button>
      )}
      <PartOfClass lesson={lesson} view={view} change={change} />
      <Size view={view} change={change} />
      <MarkingModeChoice lesson={lesson} />
      <HandsChoice />
      <ThemeChoice />
      <ShieldChoice />
      <Button onClick={() => openSheet({ kind: 'keys' })}>Keys</Button>
    </div>
  );
}

const sorts: readonly { readonly value: RosterSort; readonly label: string }[] = [
  { value: 'family', label: 'Family name' },
  { value: 'first', label: 'First name' },
  { value: 'least-seen', label: 'Least seen first' },
  { value: 'shuffle', label: 'Shuffled' },
];

interface PartProps {
  readonly lesson: SheetLesson;
  readonly view: RosterView;
  readonly change: (changes: Partial<RosterView>) => void;
}

function PartOfClass({ lesson: { record }, view, change }: PartProps) {
  return (
    <>
      {record.sections.length > 1 && (
        <Select
          label="Section"
          everybody="All sections"
          value={view.section}
          options={record.sections}
          onChange={(section) => change({ section })}
        />
      )}
      {record.groups.length > 0 && (
        <Select
          label="Group"
          everybody="All groups"
          value={view.group}
          options={record.groups}
          onChange={(group) => change({ group })}
        />
      )}
    </>
  );
}

interface SelectProps {
  readonly label: string;
  readonly everybody: string;
  readonly value: string | null;
  readonly options: readonly { readonly id: string; readonly name: string }[];
  readonly onChange: (value: string | null) => void;
}

function Select({ label, everybody, value, options, onChange }: SelectProps) {
  return (
    <label className="view-field">
      {label}
      <select
        value={value ?? ''}
        onChange={({ target }) => onChange(target.value === '' ? null : target.value)}
      >
        <option value="">{everybody}</option>
        {options.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Size({ view, change }: Pick<PartProps, 'change' | 'view'>) {
  const { least, most } = columnRange(document.querySelector('.roster-grid')?.clientWidth ?? 1008);
  const shown = view.columns ?? 0;
  return (
    <fieldset className="view-size">
      <legend>Tiles</legend>
      <label>
        <input type="checkbox" checked={view.isList} onChange={() => change({ isList: !view.isList })} /> As a
        list
      </label>
      {!view.isList && (
        <label className="view-field">
          {view.columns === null ? 'Size: as suits the class' : `Size: ${view.columns} side by side`}
          <input
            type="range"
            min={least - 1}
            max={most}
            value={shown === 0 ? least - 1 : Math.min(most, Math.max(least, shown))}
            aria-valuetext={view.columns === null ? 'as suits the class' : `${view.columns} side by side`}
            onChange={({ target }) => {
              const columns = Number(target.value);
              change({ columns: columns < least ? null : columns });
            }}
          />
        </label>
      )}
    </fieldset>
  );
}

function MarkingModeChoice({ lesson: { course, assessmentKey } }: { readonly lesson: SheetLesson }) {
  const [mode, setMode] = usePref({ course }, markingModePref(assessmentKey), { of: assessmentKey });
  return (
    <ChoiceGroup
      legend="Several taps on one student"
      choices={[
        { value: 'tally', label: 'Are tries, all counted' },
        { value: 'single', label: 'Replace the mark', note: 'while it has not been sent' },
      ]}
      value={mode}
      onChange={setMode}
    />
  );
}

function HandsChoice() {
  const [hands, setHands] = usePref('account', handsPref);
  return (
    <fieldset className="view-size">
      <legend>Hands</legend>
      {(
        [
          ['sound', 'A short sound with each mark'],
          ['vibration', 'A short vibration with each mark, where the device can'],
          ['singleKeys', 'Keys that work at any moment: U, R, O, 1 to 6, / and ?'],
        ] as const
      ).map(([what, label]) => (
        <label key={what}>
          <input
            type="checkbox"
            checked={hands[what]}
            onChange={() => setHands({ ...hands, [what]: !hands[what] })}
          />{' '}
          {label}
        </label>
      ))}
      <label>
        <input
          type="checkbox"
          checked={hands.thumb === 'right'}
          onChange={() => setHands({ ...hands, thumb: hands.thumb === 'right' ? 'left' : 'right' })}
        />{' '}
        Undo on the right, for the right thumb
      </label>
    </fieldset>
  );
}

const themes: readonly { readonly value: Theme; readonly label: string }[] = [
  { value: 'system', label: 'As the device' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'sun', label: 'Sun' },
];

function ThemeChoice() {
  const theme = useTheme((state) => state.theme);
  return <ChoiceGroup legend="Look" choices={themes} value={theme} onChange={chooseTheme} />;
}

function ShieldChoice() {
  const shield = useRosterUi((state) => state.lastShield);
  return (
    <ChoiceGroup
      legend="The eye hides"
      choices={[
        { value: 'results', label: 'Results' },
        { value: 'names', label: 'Names' },
      ]}
      value={shield}
      onChange={chooseShield}
    />
  );
}

interface PrefHints<T> {
  /** What else tells it apart. */
  readonly of?: string;
  /** What it is known to be before the disk has answered. */
  readonly first?: T;
}

/** A choice that is kept on this device, and how to change it. It shows as changed at once, unless it cannot be kept. */
function usePref<T>(
  scope: PrefScope,
  pref: Pref<T>,
  { of, first = pref.fallback }: PrefHints<T> = {},
): [T, (value: T) => void] {
  const { store } = useAccount();
  const live = useLive(() => store.prefs.watch(scope, pref), [store, pref.name, of]);
  const [wanted, setWanted] = useState<{ readonly value: T }>();
  const kept = live.status === 'ready' ? live.value : first;
  const write = (value: T) => {
    setWanted({ value });
    store.prefs.write(scope, pref, value).catch(() => {
      setWanted(undefined);
      tellNotKept();
    });
  };
  return [wanted === undefined ? kept : wanted.value, write];
}
