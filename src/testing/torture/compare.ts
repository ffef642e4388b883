import type { ScreenTap } from './screen-ledger.ts';

/** A row of the school, in the lane of the taps. */
export interface SchoolRow {
  readonly id: string;
  readonly lane: string;
  readonly student: string;
  readonly passed: boolean;
  /** `assessed_at`, ms. */
  readonly secondMs: number;
}

export interface Difference {
  /** Taps that the screen called saved and that no row of their own bears out. */
  readonly lost: readonly ScreenTap[];
  /** Rows that repeat a student's second: one device never gives the same twice. */
  readonly doubled: readonly SchoolRow[];
  /** Rows that no tap of their own explains. */
  readonly unexplained: readonly SchoolRow[];
}

/** How far the app's idea of the true time may be off: its measure of it is the `Date` header, in whole seconds. */
const clockToleranceMs = 1_500;
/** A tap gives way to the next free second when an earlier one of the student has it. */
const givingWayMs = 10_000;

/**
 * Holds what the screen said against what the school has: each saved tap wants a row of its own, each row a tap of
 * its own, with the same student and value and the true second.
 */
export function compareMarks(taps: readonly ScreenTap[], rows: readonly SchoolRow[]): Difference {
  const fits = (tap: ScreenTap, row: SchoolRow) => isRowOf(row, tap, taps);
  const saved = taps.filter((tap) => tap.saved);
  return {
    lost: unmatched(saved, rows, fits),
    doubled: rows.filter((row, n) => rows.slice(0, n).some((other) => isSameSecond(row, other))),
    unexplained: unmatched(rows, taps, (row, tap) => fits(tap, row)),
  };
}

function isSameSecond(a: SchoolRow, b: SchoolRow): boolean {
  return a.lane === b.lane && a.student === b.student && a.secondMs === b.secondMs;
}

function isRowOf(row: SchoolRow, tap: ScreenTap, taps: readonly ScreenTap[]): boolean {
  if (row.lane !== tap.lane || row.student !== tap.student || row.passed !== tap.passed) return false;
  const inTheWay = taps.filter(
    ({ lane, student, atMs }) =>
      lane === tap.lane && student === tap.student && atMs < tap.atMs && tap.atMs - atMs < givingWayMs,
  ).length;
  const earliest = Math.floor((tap.atMs - clockToleranceMs) / 1000) * 1000;
  return row.secondMs >= earliest && row.secondMs <= tap.atMs + clockToleranceMs + inTheWay * 1000;
}

/** Gives as many of `from` as it can a partner of their own in `to` (Kuhn). @returns those that get none */
function unmatched<A, B>(from: readonly A[], to: readonly B[], fits: (a: A, b: B) => boolean): A[] {
  const partnerOf = new Map<B, A>();
  const seek = (a: A, tried: Set<B>): boolean => {
    for (const b of to) {
      if (tried.has(b) || !fits(a, b)) continue;
      tried.add(b);
      const rival = partnerOf.get(b);
      if (rival === undefined || seek(rival, tried)) {
        partnerOf.set(b, a);
        return true;
      }
    }
    return false;
  };
  return from.filter((a) => !seek(a, new Set()));
}
