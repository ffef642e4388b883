import { secondToMs } from '#domain/instant.ts';
import type { Mark } from '#domain/mark.ts';
import type { Attempt, Batch, Lane, LogEntry, Meta } from './records.ts';
import { protocolVersion } from './protocol-version.ts';
import type { AnyRow } from './schema.ts';

/*
 * What comes from the disk may be damaged, or written by a later version. A row that does not fit is no mark,
 * batch, … for anybody here: it is neither sent nor changed nor removed, only counted and named by its key.
 * Plain predicates, not a schema library: a lesson reads thousands of marks before its first tile is drawn.
 */

type Test = (value: unknown) => boolean;
type Tests<T> = { readonly [K in keyof Required<T>]: Test };

const isText: Test = (value) => typeof value === 'string' && value !== '';
const isFlag: Test = (value) => typeof value === 'boolean';
const isNumber: Test = Number.isFinite;
const isWhole: Test = Number.isSafeInteger;
const isList =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test);
const isOneOf = (...words: string[]): Test => {
  const set = new Set<unknown>(words);
  return (value) => set.has(value);
};
const maybe =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value);
const isSecond: Test = (value) =>
  typeof value === 'string' &&
  value.length === 20 &&
  value.endsWith('Z') &&
  !Number.isNaN(secondToMs(value as never));
const isObject: Test = (value) => typeof value === 'object' && value !== null;

const markTests: Tests<Mark> = {
  seq: isWhole,
  id: isText,
  u: isText,
  lane: isText,
  course: isText,
  assessmentKey: isText,
  student: isText,
  assessor: isText,
  passed: isFlag,
  assessedAt: isSecond,
  state: isOneOf(
    'HELD',
    'QUEUED',
    'INFLIGHT',
    'UNKNOWN',
    'CONFIRMED',
    'REJECTED',
    'WITHDRAWN',
    'HANDED_OVER',
  ),
  heldAt: isNumber,
  heldUntil: (value) => value === null || isNumber(value),
  clockQuality: isOneOf('verified', 'unverified'),
  origin: isOneOf('here', 'rescue-file'),
  attempted: isFlag,
  batchId: maybe(isText),
  rowId: maybe(isText),
  via: maybe(isOneOf('answer', 'read')),
  settledAt: maybe(isNumber),
  reason: maybe((value) => typeof value === 'string'),
  resolution: maybe(isObject),
  duplicateRowIds: maybe(isList(isText)),
  gesture: maybe(isText),
  replaces: maybe(isText),
  fileId: maybe(isText),
  protocolVersion: (value) => isWhole(value) && (value as number) <= protocolVersion,
};

const batchTests: Tests<Batch> = {
  id: isText,
  lane: isText,
  marks: isList(isWhole),
  state: isOneOf('formed', 'armed', 'unknown', 'closed'),
  parent: maybe(isText),
  absentCount: isWhole,
};

const attemptTests: Tests<Attempt> = {
  id: isText,
  batchId: isText,
  lane: isText,
  n: isWhole,
  epoch: isWhole,
  marks: isList(isWhole),
  bodyHash: isText,
  stamp: maybe(isText),
  armedAt: isNumber,
  phase: isOneOf('armed', 'ended'),
  outcome: maybe(isOneOf('accepted', 'refused-batch', 'refused-gate', 'not-sent', 'unknown')),
  status: maybe(isNumber),
  endedAt: maybe(isNumber),
  vouched: maybe(isFlag),
};

const laneTests: Tests<Lane> = {
  id: isText,
  assessmentId: maybe(isText),
  gate: isText,
  reason: maybe((value) => typeof value === 'string'),
  until: maybe(isNumber),
  failures: isNumber,
  refusals: isNumber,
  accepted: isFlag,
  batchLimit: isWhole,
  auditDue: isList(isText),
  title: maybe(isText),
  outcomeId: maybe(isText),
};

const metaTests: Tests<Meta> = {
  installation: isText,
  epoch: isWhole,
  clockOffsetMs: maybe(isNumber),
  schemaVersion: isWhole,
  protocolVersion: isWhole,
};

const logTests: Tests<LogEntry> = {
  n: maybe(isWhole),
  at: isNumber,
  what: isText,
  mark: maybe(isText),
  batch: maybe(isText),
  attempt: maybe(isText),
  lane: maybe(isText),
};

/** Builds a reader: the row as what it is, or undefined when it does not fit. */
function reader<T>(tests: Tests<T>): (row: AnyRow | undefined) => T | undefined {
  const list = Object.entries<Test>(tests);
  return (row) => {
    if (row === undefined) return undefined;
    for (const [field, test] of list) if (!test(row[field])) return undefined;
    return row as T;
  };
}

export const asMark = reader(markTests);
export const asBatch = reader(batchTests);
export const asAttempt = reader(attemptTests);
export const asLane = reader(laneTests);
export const asMeta = reader(metaTests);
export const asLogEntry = reader(logTests);

/** The rows that fit, in their order. */
export function readable<T>(rows: readonly AnyRow[], as: (row: AnyRow) => T | undefined): T[] {
  return rows.map(as).filter((row) => row !== undefined);
}
