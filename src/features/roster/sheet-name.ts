import type { RosterStudent } from './arrange-roster.ts';
import type { Shield } from './roster-ui.ts';

/** How a sheet names a student, where others may see the screen: as the tile does. Never empty. */
export function nameInSheet(
  { name, initials }: Pick<RosterStudent, 'initials' | 'name'>,
  shield: Shield | undefined,
): string {
  if (shield !== 'names') return name;
  return initials === '' ? 'A student' : initials;
}
