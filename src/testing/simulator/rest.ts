import { needsTeacher } from '#sync/gates.ts';
import type { Mark } from '#domain/mark.ts';
import { InvariantError } from './invariants.ts';
import type { Schedule } from './schedule.ts';

const terminal: ReadonlySet<Mark['state']> = new Set(['CONFIRMED', 'REJECTED', 'WITHDRAWN', 'HANDED_OVER']);
const minuteMs = 60_000;
/** A poisoned batch is split after three absences, SETTLE apart, level by level. */
const maxRetries = 4;
const longestMinutes = 24 * 60;

/**
 * Waits until nothing is left to do, and checks what must hold then: every mark is terminal or behind a gate that is
 * shown (I17), and each has exactly one row (I14) or, where an assumption was taken away, none is lost and every
 * surplus row stands on its mark (I15).
 */
export async function comeToRest(schedule: Schedule): Promise<void> {
  const { world, device } = schedule;
  // A file may come back after all else is over, to a lane whose gate is closed.
  while (device.filesOut > 0) await schedule.pass(minuteMs / 2);
  await untilIdle(schedule);
  world.canvas.mood.poison.clear();
  // What is left stands behind a gate; the teacher tries again, perhaps more than once.
  for (let n = 0; n < maxRetries && world.marks().some(isOpen); n += 1) {
    await retryClosed(schedule);
    await untilIdle(schedule);
  }
  const left = world.marks().filter(isOpen);
  if (left.length > 0)
    throw new InvariantError(`I17 ${left.length} marks are stuck: ${left.map(describe).join()}`);
  await audits(schedule);
  checkRows(schedule);
  const [report] = [...device.failures, ...device.tabs.flatMap((tab) => tab.reports)];
  if (report !== undefined) throw new InvariantError('something went wrong in the core', { cause: report });
}

function isOpen(mark: Mark): boolean {
  return !terminal.has(mark.state);
}

async function retryClosed({ world, device }: Schedule): Promise<void> {
  const [tab] = device.living();
  if (tab === undefined) throw new Error('no tab is left');
  for (const lane of [...world.disk.lanes.values()].filter(needsTeacher)) await tab.engine.retryLane(lane.id);
}

/** Lets time pass until every mark is terminal or waits for the teacher. */
async function untilIdle(schedule: Schedule): Promise<void> {
  const { world, device } = schedule;
  for (let minute = 0; minute < longestMinutes; minute += 1) {
    const [tab] = device.living();
    if (world.marks().some((mark) => mark.state === 'HELD')) await tab?.engine.sendNow();
    const moving = world.marks().filter((mark) => isOpen(mark) && !isBehindGate(schedule, mark));
    if (moving.length === 0) return;
    await schedule.pass(minute < 5 ? minuteMs / 2 : minuteMs);
  }
  throw new InvariantError('I17 marks neither come to an end nor stand behind a gate');
}

function isBehindGate({ world }: Schedule, mark: Mark): boolean {
  const lane = world.disk.lanes.get(mark.lane);
  return lane !== undefined && needsTeacher(lane);
}

/** All that is still on its way arrives, and every student is read once more. */
async function audits(schedule: Schedule): Promise<void> {
  const { world, settings } = schedule;
  if (settings.broken !== 'none') {
    await schedule.pass(20 * minuteMs);
    world.canvas.mood.lagMs = 0;
    await touchEveryStudent(schedule);
  }
  for (let minute = 0; minute < 30; minute += 1) {
    const due = [...world.disk.lanes.values()].filter((lane) => lane.auditDue.length > 0);
    if (due.length === 0) return;
    if (due.some(needsTeacher)) await retryClosed(schedule);
    await schedule.pass(minuteMs);
  }
  throw new InvariantError('an audit is due and does not come');
}

/** A late row is found by the next read of its student: a further mark of each brings one about. */
async function touchEveryStudent(schedule: Schedule): Promise<void> {
  const { world, device } = schedule;
  const [tab] = device.living();
  if (tab === undefined) throw new Error('no tab is left');
  const pairs = new Map(world.marks().map((mark) => [`${mark.lane} ${mark.student}`, mark]));
  for (const { course, student, assessmentKey } of pairs.values()) {
    world.canvas.rosters.get(course)?.add(student);
    await world.tap(tab, { course, student, key: assessmentKey });
  }
  await untilIdle(schedule);
}

function checkRows({ world, watch, settings }: Schedule): void {
  for (const mark of world.marks()) {
    const rows = watch.rowsOf(mark);
    if (mark.state === 'CONFIRMED') {
      const known = [mark.rowId, ...(mark.duplicateRowIds ?? [])];
      if (settings.broken === 'none' && rows.length !== 1)
        throw new InvariantError(`I14 ${rows.length} rows for ${describe(mark)}`);
      if (rows.length === 0 || rows.some((id) => !known.includes(id as never)))
        throw new InvariantError(`I15 a surplus row of ${describe(mark)} is not shown`);
    } else if (
      mark.state !== 'HANDED_OVER' &&
      settings.broken === 'none' &&
      !watch.restored &&
      rows.length > 0
    ) {
      throw new InvariantError(`I9 ${rows.length} rows for ${describe(mark)}`);
    }
  }
}

function describe(mark: Mark): string {
  return `${mark.id} (${mark.state}, student ${mark.student})`;
}
