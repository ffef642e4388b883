import { create } from 'zustand';

/** `system` follows the device between light and dark; sun is for marking outdoors. */
export type Theme = 'system' | 'light' | 'dark' | 'sun';

/** Read by public/theme.js before the first paint. */
const storageKey = 'tapmark:theme';

/** The colour of the bar above an installed app: that of our own top bar. */
const barColours = { light: '#ffffff', dark: '#1a2320', sun: '#ffffff' } as const;

export const useTheme = create<{ readonly theme: Theme }>(() => ({ theme: chosenTheme() }));

const next: Readonly<Record<Theme, Theme>> = { system: 'sun', light: 'sun', sun: 'dark', dark: 'light' };

/** What one tap leads to: sun first, because it is outdoors that nothing can be read. */
export function themeAfter(theme: Theme): Theme {
  return next[theme];
}

/** Changes the theme at once, and for the next start where the device allows it. */
export function chooseTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  paintBar(theme);
  useTheme.setState({ theme });
  try {
    if (theme === 'system') localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, theme);
  } catch {
    // Refused storage: the theme lasts until the app is closed.
  }
}

function chosenTheme(): Theme {
  const theme = document.documentElement.dataset['theme'];
  if (theme !== 'light' && theme !== 'dark' && theme !== 'sun') return 'system';
  paintBar(theme);
  return theme;
}

function paintBar(theme: Theme): void {
  for (const tag of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const dark = theme === 'system' ? tag.media.includes('dark') : theme === 'dark';
    tag.content = theme === 'sun' ? barColours.sun : dark ? barColours.dark : barColours.light;
  }
}
