import { secondToMs } from '#domain/instant.ts';
import type { Mark } from '#domain/mark.ts';
import type { OthersRow } from '#store/others-rows.ts';
import { whereIs } from './tile-facts.ts';
import type { Whereabouts } from './tile-facts.ts';

/** One mark in the strip of a student's card. */
export interface ShownMark {
  readonly key: string;
  readonly passed: boolean;
  /** ms since 1970, UTC. */
  readonly atMs: number;
  readonly where: Whereabouts | undefined;
  readonly author: string;
  readonly isOthers: boolean;
}

/** So many marks fit in a strip that is read at a glance. */
const mostMarks = 12;

/**
 * The last marks of a student in the order in which they were given, this device's, other teachers' and those of the
 * same teacher's other devices.
 * @param own in order of `seq`
 */
export function lastMarks(own: readonly Mark[], others: readonly OthersRow[]): readonly ShownMark[] {
  const here = own.map((mark): ShownMark => ({
    key: `mark ${mark.seq}`,
    passed: mark.passed,
    atMs: secondToMs(mark.assessedAt),
    where: whereIs(mark),
    author: mark.origin === 'here' ? 'this tablet' : 'another tablet',
    isOthers: false,
  }));
  // A mark may have come here by a rescue file after its row was seen.
  const isHere = ({ isMine, atMs }: OthersRow) => isMine === true && here.some((mark) => mark.atMs === atMs);
  const elsewhere = others
    .filter((row) => !isHere(row))
    .map(({ id, passed, atMs, isMine }): ShownMark => ({
      key: `row ${id}`,
      passed,
      atMs,
      where: 'in-canvas',
      author: isMine === true ? 'another tablet' : 'another teacher',
      isOthers: true,
    }));
  // Own marks stay in their own order, which a clock that was set back must not turn round.
  const merged: ShownMark[] = [];
  let next = 0;
  for (const mark of here) {
    for (let row = elsewhere[next]; row !== undefined && row.atMs < mark.atMs; row = elsewhere[next]) {
      merged.push(row);
      next += 1;
    }
    merged.push(mark);
  }
  return [...merged, ...elsewhere.slice(next)].slice(-mostMarks);
}
