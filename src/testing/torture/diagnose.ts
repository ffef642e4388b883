import type { Classroom } from './classroom.ts';
import { compareMarks, type SchoolRow } from './compare.ts';
import { readDevice, type DeviceRecords } from './read-device.ts';
import type { ScreenTap } from './screen-ledger.ts';

/** What is wrong between the screen, the device and the school, in ids and times; nothing when all is well. */
export async function diagnose(room: Classroom): Promise<string[]> {
  const { ledger } = room;
  const rows = await room.rows();
  const { lost, doubled, unexplained } = compareMarks(ledger.taps, rows);
  const wrong = [
    ...lost.map((tap) => `lost: ${tapWords(tap)}`),
    ...doubled.map((row) => `doubled: ${rowWords(row)}`),
    ...unexplained.map((row) => `not explained by any tap: ${rowWords(row)}`),
    ...ledger.forgotten.map(
      ({ lane, student, calledSaved, shown }) =>
        `forgotten: student ${student} in ${lane} had ${calledSaved} called saved, shows ${shown}`,
    ),
  ];
  if (ledger.failures > 0) wrong.push(`${ledger.failures} taps were shown as not saved`);
  const page = room.page();
  if (page === undefined) return wrong;
  const device = await readDevice(page);
  wrong.push(...compareDevice(device, rows));
  if (wrong.length > 0) wrong.push(...storyOf(device, [...lost, ...doubled, ...unexplained]));
  return wrong;
}

/** The exact half: each confirmed mark and its row are the same observation, and no row is without a mark. */
function compareDevice({ marks }: DeviceRecords, rows: readonly SchoolRow[]): string[] {
  const byRow = new Map(
    marks.filter((mark) => mark['rowId'] !== undefined).map((mark) => [mark['rowId'], mark]),
  );
  const wrong: string[] = [];
  for (const row of rows) {
    const mark = byRow.get(row.id);
    byRow.delete(row.id);
    if (mark === undefined) wrong.push(`no mark of the device has ${rowWords(row)}`);
    else if (!isSame(mark, row))
      wrong.push(`another observation than mark ${String(mark['id'])}: ${rowWords(row)}`);
  }
  for (const mark of byRow.values()) wrong.push(`the school has no row of mark ${markWords(mark)}`);
  const unsettled = marks.filter((mark) => mark['state'] !== 'CONFIRMED');
  return [...wrong, ...unsettled.map((mark) => `not at rest: ${markWords(mark)}`)];
}

function isSame(mark: Readonly<Record<string, unknown>>, row: SchoolRow): boolean {
  return (
    mark['student'] === row.student &&
    mark['passed'] === row.passed &&
    Date.parse(String(mark['assessedAt'])) === row.secondMs
  );
}

/** The journal of the students concerned. */
function storyOf(device: DeviceRecords, concerned: readonly { student: string }[]): string[] {
  const students = new Set(concerned.map(({ student }) => student));
  const marks = device.marks.filter((mark) => students.has(String(mark['student'])));
  const attempts = device.attempts.filter(({ marks: carried }) =>
    marks.some((mark) => (carried as unknown[]).includes(mark['seq'])),
  );
  return [
    ...marks.map((mark) => `mark ${markWords(mark)}`),
    ...attempts.map((attempt) => `attempt ${JSON.stringify(attempt)}`),
    ...device.lanes.map((lane) => `lane ${JSON.stringify({ ...lane, title: undefined })}`),
    ...device.log.slice(-40).map((entry) => `log ${JSON.stringify(entry)}`),
  ];
}

function tapWords({ n, lane, student, passed, atMs }: ScreenTap): string {
  return `tap ${n}, student ${student}, ${String(passed)}, ${new Date(atMs).toISOString()}, ${lane}`;
}

function rowWords({ id, lane, student, passed, secondMs }: SchoolRow): string {
  return `row ${id}, student ${student}, ${String(passed)}, ${new Date(secondMs).toISOString()}, ${lane}`;
}

function markWords(mark: Readonly<Record<string, unknown>>): string {
  const { seq, id, student, passed, assessedAt, state, batchId, rowId, duplicateRowIds } = mark;
  return JSON.stringify({ seq, id, student, passed, assessedAt, state, batchId, rowId, duplicateRowIds });
}
