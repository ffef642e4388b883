import type { UserId } from '#domain/ids.ts';

/**
 * Splits a batch that Canvas refused as a whole (sync protocol §11): marks of students who are no longer on the
 * roster become batches of one, the rest is halved. Order is kept.
 * @param roster students now on the roster; undefined when it could not be read, then nobody is suspected
 * @returns at least two parts for two marks or more, none of them empty
 */
export function splitBatch<M extends { readonly student: UserId }>(
  marks: readonly M[],
  roster?: ReadonlySet<UserId>,
): M[][] {
  const gone = roster === undefined ? [] : marks.filter((mark) => !roster.has(mark.student));
  const rest = gone.length === 0 ? marks : marks.filter((mark) => roster?.has(mark.student) === true);
  const singles = gone.map((mark) => [mark]);
  const middle = Math.ceil(rest.length / 2);
  return [...singles, rest.slice(0, middle), rest.slice(middle)].filter((part) => part.length > 0);
}
