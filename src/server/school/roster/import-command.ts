import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { holdLock } from '../../database/locks.ts';
import {
  type Command,
  CommandError,
  type CommandContext,
  readWords,
  schoolTables,
  UsageError,
} from '../admin/command.ts';
import { isSample } from '../school-facts.ts';
import type { SchoolTables } from '../tables.ts';
import { applyOutcomes } from './apply-outcomes.ts';
import { applyRoster } from './apply-roster.ts';
import { Changes } from './changes.ts';
import { checkRoster } from './check-roster.ts';
import { readKnownSchool } from './known-school.ts';
import { Problems, RosterError } from './problems.ts';
import { readOutcomes } from './read-outcomes.ts';
import { readRoster } from './read-roster.ts';
import { readRosterFiles } from './roster-files.ts';
import type { Roster } from './roster.ts';

export const importCommand: Command = {
  synopsis:
    'import PATH [--dry-run] [--replace-sample] [--many-leave] [--name "Our School"] [--time-zone Europe/Paris]',
  purpose:
    'take over people, courses and outcomes from a folder, a zip or a CSV file of OneRoster 1.1 or 1.2, or of Canvas; ' +
    'all or nothing; --dry-run shows what would change',
  run: importRoster,
};

/** An import in which more places end than this, and more than half of all, is taken for a mistake. */
const MANY = 20;

/** Ends the transaction of a dry run. */
class DryRun extends Error {}

async function importRoster(words: readonly string[], context: CommandContext): Promise<void> {
  const { values, positionals } = readWords(words, ['PATH'], {
    'dry-run': { type: 'boolean' },
    'replace-sample': { type: 'boolean' },
    'many-leave': { type: 'boolean' },
    name: { type: 'string' },
    'time-zone': { type: 'string' },
  });
  const timeZone = readTimeZone(values['time-zone'] ?? 'UTC');
  const isDry = values['dry-run'] === true;
  const { print } = context;
  const changes = new Changes();
  try {
    const files = await readRosterFiles(positionals[0] ?? '');
    const problems = new Problems();
    const read = readRoster(files, problems);
    const outcomes = readOutcomes(files, problems);
    if (read === undefined && outcomes.length === 0) {
      problems.throwIfAny();
      throw new RosterError(['None of these files is of OneRoster or of Canvas.']);
    }
    print(`Reading ${[...files.keys()].sort().join(', ')}${read === undefined ? '' : ` as ${read.format}`}`);
    await schoolTables(context)
      .transaction()
      .execute(async (trx) => {
        await holdLock(trx, 'roster');
        await makeRoom(trx, values['replace-sample'] === true);
        await nameSchool(trx, values.name ?? read?.roster.schoolName);
        const saving = { trx, changes, progress: print };
        if (read !== undefined) {
          const known = await readKnownSchool(trx);
          checkRoster(read.roster, known, problems);
          problems.throwIfAny();
          await applyRoster(read.roster, known, { ...saving, nowMs: context.clock.wallMs(), timeZone });
          if (values['many-leave'] !== true) requireFewLeavers(read.roster, changes);
        }
        await applyOutcomes(outcomes, problems, saving);
        if (isDry) throw new DryRun();
      });
  } catch (error) {
    if (error instanceof RosterError) throw new CommandError(error.message);
    if (!(error instanceof DryRun)) throw error;
    for (const line of changes.details()) print(line);
  }
  for (const line of changes.summary()) print(line);
  print(isDry ? 'This was a dry run: nothing was changed.' : 'Done.');
}

function readTimeZone(name: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    throw new UsageError(`There is no time zone "${name}". One is Europe/Paris.`);
  }
}

/** @throws CommandError when a roster would come into the invented school */
async function makeRoom(trx: Kysely<SchoolTables>, mayReplace: boolean): Promise<void> {
  if (!(await isSample(trx))) return;
  if (!mayReplace) {
    throw new CommandError(
      'This is the sample school. To make it yours, its invented people, and all marks and tokens given here, ' +
        'go away: add --replace-sample.',
    );
  }
  for (const table of emptied) await trx.deleteFrom(table).execute();
}

/** All tables, those that refer to others first. */
const emptied: readonly (keyof SchoolTables)[] = [
  'signInLinks',
  'oauthCodes',
  'accessTokens',
  'outcomeScores',
  'scoringJobs',
  'liveResults',
  'liveAlignments',
  'liveAssessments',
  'outcomeLinks',
  'outcomeGroups',
  'outcomes',
  'groupMemberships',
  'groups',
  'groupCategories',
  'enrollments',
  'sections',
  'courses',
  'terms',
  'users',
  'schoolFacts',
];

/** A new school gets the name by which tablets know it from others; what it is called may change. */
async function nameSchool(trx: Kysely<SchoolTables>, name: string | undefined): Promise<void> {
  await trx
    .insertInto('schoolFacts')
    .values([
      { name: 'id', value: `school-${randomBytes(6).toString('hex')}` },
      { name: 'name', value: name ?? 'School' },
      { name: 'sample', value: 'no' },
    ])
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  if (name === undefined) return;
  await trx.updateTable('schoolFacts').set({ value: name }).where('name', '=', 'name').execute();
}

/** @throws RosterError when most of the school would leave at once: mostly half a file was exported */
function requireFewLeavers(roster: Roster, changes: Changes): void {
  const ended = changes.count('places', 'ended');
  const staying = changes.count('places', 'same') + changes.count('places', 'changed');
  if (ended <= MANY || ended <= staying || roster.wholeSections.size === 0) return;
  throw new RosterError([
    `${String(ended)} places in sections would end, and ${String(staying)} stay. Is the file whole?`,
    'If so, add --many-leave. Nothing was changed.',
  ]);
}
