import { useAccount } from '#features/account-context.ts';
import { holdBackChoices, holdBackPref } from '#features/hold-back.ts';
import type { HoldBack } from '#features/hold-back.ts';
import { tellNotKept } from '#features/tell-not-kept.ts';
import { useLive } from '#store/use-live.ts';
import { ChoiceGroup } from '#ui/choice-group.tsx';
import type { Choice } from '#ui/choice-group.tsx';
import { holdBackWords } from './words.ts';

/** How long a mark stays here, where undo is still real, before it goes to Canvas. */
export function HoldBackSetting() {
  const { store } = useAccount();
  const chosen = useLive(() => store.prefs.watch('account', holdBackPref), [store]);
  if (chosen.status === 'loading') return null;
  const value = chosen.status === 'ready' ? chosen.value : holdBackPref.fallback;
  return (
    <ChoiceGroup
      legend="Time to undo, before marks go to Canvas"
      choices={withCurrent(value).map(toChoice)}
      value={String(value)}
      onChange={(next) => {
        store.prefs.write('account', holdBackPref, next === 'null' ? null : Number(next)).catch(() => {
          tellNotKept();
        });
      }}
    />
  );
}

/** A time that an older or newer version offered stays in view when it is the one in force. */
function withCurrent(value: HoldBack): readonly HoldBack[] {
  return (holdBackChoices as readonly HoldBack[]).includes(value)
    ? holdBackChoices
    : [value, ...holdBackChoices];
}

function toChoice(value: HoldBack): Choice<string> {
  return {
    value: String(value),
    label: holdBackWords(value),
    ...(value === holdBackPref.fallback ? { note: 'the usual' } : {}),
    ...(value === null ? { note: 'marks wait until everybody has been seen, or the lesson ends' } : {}),
  };
}
