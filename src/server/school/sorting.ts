const collator = new Intl.Collator('en', { numeric: true });

/** Names as people sort them, whatever the database would do with their accents and scripts. */
export function compareNames(one: string, other: string): number {
  return collator.compare(one, other);
}

/** Ids are decimal strings: in order of the number. */
export function compareIds(one: string, other: string): number {
  return one.length - other.length || (one < other ? -1 : Number(one > other));
}
