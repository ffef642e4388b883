import type { Problems } from './problems.ts';
import { RosterError } from './problems.ts';
import { readCanvasRoster } from './read-canvas-roster.ts';
import { readOneRoster } from './read-one-roster.ts';
import type { Roster } from './roster.ts';
import type { RosterFiles } from './roster-files.ts';

export type RosterFormat = 'OneRoster' | 'Canvas SIS';

const canvasFiles = [
  'terms.csv',
  'courses.csv',
  'sections.csv',
  'enrollments.csv',
  'admins.csv',
  'users.csv',
];

/**
 * Reads the files in whichever format they are.
 * @returns undefined when no file is of a roster (there may be outcomes)
 * @throws RosterError when both formats are mixed
 */
export function readRoster(
  files: RosterFiles,
  problems: Problems,
): { readonly format: RosterFormat; readonly roster: Roster } | undefined {
  const isOneRoster = ['classes.csv', 'orgs.csv', 'academicsessions.csv', 'manifest.csv'].some((name) =>
    files.has(name),
  );
  if (isOneRoster && files.has('sections.csv')) {
    throw new RosterError([
      'These files are of OneRoster and of Canvas at once: import them one after the other.',
    ]);
  }
  if (isOneRoster) return { format: 'OneRoster', roster: readOneRoster(files, problems) };
  if (!canvasFiles.some((name) => files.has(name))) return undefined;
  return { format: 'Canvas SIS', roster: readCanvasRoster(files, problems) };
}
