import { ChoiceGroup } from '#ui/choice-group.tsx';
import type { Choice } from '#ui/choice-group.tsx';
import { chooseTheme, useTheme } from '#ui/theme.ts';
import type { Theme } from '#ui/theme.ts';

const themes: readonly Choice<Theme>[] = [
  { value: 'system', label: 'As the device', note: 'light by day, dark when the device is dark' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'sun', label: 'Sun', note: 'black on white with heavy lines, for marking outdoors' },
];

export function ThemeSetting() {
  const theme = useTheme((state) => state.theme);
  return <ChoiceGroup legend="Look" choices={themes} value={theme} onChange={chooseTheme} />;
}
