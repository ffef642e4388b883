import { choose, type CsvRow, need, readRows } from './csv-rows.ts';
import type { Place, Problems } from './problems.ts';
import type { RosterFiles } from './roster-files.ts';

/*
 * Canvas's outcomes CSV. https://developerdocs.instructure.com/services/canvas/outcomes/file.outcomes_csv
 */

export interface OutcomeEntry {
  readonly at: Place;
  readonly guid: string;
  readonly isGroup: boolean;
  readonly title: string;
  readonly description: string | null;
  readonly displayName: string | null;
  readonly parents: readonly string[];
  /** The course it belongs to, by its SIS id; null: the school's, for every course. */
  readonly course: string | null;
  readonly isDeleted: boolean;
  readonly masteryPoints: number | null;
  readonly ratings: readonly { readonly description: string; readonly points: number }[];
  readonly method: string | null;
  readonly methodNumber: number | null;
}

const methods = {
  '': null,
  decaying_average: 'decaying_average',
  n_mastery: 'n_mastery',
  latest: 'latest',
  highest: 'highest',
  average: 'average',
  standard_decaying_average: 'standard_decaying_average',
};

/** Reads outcomes and their groups from `outcomes.csv`, in the order of the file; problems as with a roster. */
export function readOutcomes(files: RosterFiles, problems: Problems): OutcomeEntry[] {
  const rows = readRows(files, 'outcomes.csv', ['vendor_guid', 'object_type', 'title'], problems);
  const entries = rows.flatMap((row) => entryOf(row, problems));
  const seen = new Map<string, OutcomeEntry>();
  for (const entry of entries) {
    const { at, guid, parents } = entry;
    if (seen.has(guid)) problems.add(at, 'vendor_guid', `"${guid}" stands here a second time`);
    for (const parent of parents) {
      if (seen.get(parent)?.isGroup !== true)
        problems.add(at, 'parent_guids', `no group "${parent}" stands above`);
    }
    seen.set(guid, entry);
  }
  return entries;
}

function entryOf(row: CsvRow, problems: Problems): OutcomeEntry[] {
  const guid = need(row, 'vendor_guid', problems);
  const title = need(row, 'title', problems);
  const isGroup = choose(row, 'object_type', { outcome: false, group: true }, problems);
  const isDeleted = choose(row, 'workflow_state', { '': false, active: false, deleted: true }, problems);
  const method = choose(row, 'calculation_method', methods, problems);
  const mastery = readNumber(row, 'mastery_points', row.text('mastery_points'), problems);
  const methodNumber = readNumber(row, 'calculation_int', row.text('calculation_int'), problems);
  const ratings = readRatings(row, problems);
  if (guid === undefined || title === undefined || isGroup === undefined) return [];
  if (isDeleted === undefined || method === undefined) return [];
  return [
    {
      at: row,
      guid,
      isGroup,
      title,
      description: row.text('description') || null,
      displayName: row.text('display_name') || null,
      parents: row
        .text('parent_guids')
        .split(/\s+/)
        .filter((one) => one !== ''),
      course: row.text('course_id') || null,
      isDeleted,
      masteryPoints: mastery ?? ratings[0]?.points ?? null,
      ratings,
      method,
      methodNumber,
    },
  ];
}

/** Pairs of points and description, from the column `ratings` to the end of the line. */
function readRatings(row: CsvRow, problems: Problems): OutcomeEntry['ratings'] {
  const cells = row.from('ratings');
  const ratings: { description: string; points: number }[] = [];
  for (let at = 0; at + 1 < cells.length && cells[at] !== ''; at += 2) {
    const points = readNumber(row, 'ratings', cells[at] ?? '', problems);
    if (points !== null) ratings.push({ description: cells[at + 1] ?? '', points });
  }
  if (ratings.some(({ points }, at) => points > (ratings[at - 1]?.points ?? Infinity))) {
    problems.add(row, 'ratings', 'ratings stand from the highest to the lowest');
  }
  return ratings;
}

function readNumber(row: CsvRow, column: string, text: string, problems: Problems): number | null {
  if (text === '') return null;
  const value = Number(text.replace(',', '.'));
  if (Number.isFinite(value) && value >= 0) return value;
  problems.add(row, column, `"${text}" is no number of points`);
  return null;
}
