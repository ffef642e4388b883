const collator = new Intl.Collator('en', { numeric: true });

/** Names as people sort them, whatever the database would do with their accents and scripts. */
export function compareNames(one: string, other: string): number {
  return collator.compare(one, other);
}

/** Ids are decimal strings: in order of the number. */
export function compareIds(one: string, other: string): number {
  return one.length - other.length || (one < other ? -1 : Number(one > other));
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** By name, and by id those who share one. */
export function byName(one: Named, other: Named): number {
  return compareNames(one.name, other.name) || compareIds(one.id, other.id);
}

/**
 * The rows with these ids, in the order of the ids: a page of a list is cut from names and ids alone, since no two
 * databases sort names alike, and only what is on it is read in full.
 */
export function inOrderOf<Row extends { readonly id: string }>(
  ids: readonly { readonly id: string }[],
  rows: readonly Row[],
): Row[] {
  const known = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap(({ id }) => known.get(id) ?? []);
}
