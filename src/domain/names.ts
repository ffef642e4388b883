import type { Student } from './student.ts';

/*
 * Names as a class list needs them. They come from every language: two words in a family name, family name
 * first, right to left, one word only, letters with marks. Nothing here guesses more than Canvas tells.
 */

/** Control characters and the invisible signs that reorder the text around them; both would garble a tile. */
const invisible = /[\p{Cc}\p{Cs}\u200b\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]/gu;

/** One line of readable text: no control or direction-override characters, single spaces, trimmed, NFC. */
export function cleanText(text: string): string {
  return text.replace(/\s+/gu, ' ').replace(invisible, '').replace(/ +/g, ' ').trim().normalize('NFC');
}

/** Letters whose plain form Unicode does not give by decomposition. */
const plainLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ŧ: 't',
  ı: 'i',
  ĸ: 'k',
  ŋ: 'n',
};
const plainLetter = new RegExp(`[${Object.keys(plainLetters).join('')}]`, 'g');

/** Text for finding: lower case, accents and other marks gone, apostrophes dropped, hyphens as spaces. */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}\u0640'’‘ʼʻ`´]/gu, '')
    .toLowerCase()
    .replace(plainLetter, (letter) => plainLetters[letter] ?? letter)
    .replace(/[-‐‑–\s]+/g, ' ')
    .trim();
}

/** What a search looks through; fold it once, when the roster is read. */
export function searchTextOf(student: Pick<Student, 'name' | 'sortableName' | 'shortName'>): string {
  return foldText([...new Set([student.name, student.sortableName, student.shortName])].join(' '));
}

/** True when each word of the query is found in some part of the name, accents ignored. */
export function matchesSearch(searchText: string, query: string): boolean {
  return foldText(query)
    .split(' ')
    .every((word) => searchText.includes(word));
}

export interface TileName {
  /** What a teacher calls out. */
  readonly first: string;
  /** The family name; empty for a name of one word. */
  readonly rest: string;
}

/**
 * Splits a name for a tile. The family name is what stands before the comma of the sortable name, so that two
 * words stay together ("van der Berg", "García López") and a family name may come first ("Nguyễn Văn An").
 */
export function tileNameOf({ name, sortableName }: Pick<Student, 'name' | 'sortableName'>): TileName {
  const [, family = ''] = /^(.*?)\s*[,،，]/u.exec(sortableName) ?? [];
  if (family !== '' && name.endsWith(` ${family}`)) {
    return { first: name.slice(0, -family.length).trimEnd(), rest: family };
  }
  if (family !== '' && name.startsWith(`${family} `)) {
    return { first: name.slice(family.length).trimStart(), rest: family };
  }
  const space = name.indexOf(' ');
  return space === -1
    ? { first: name, rest: '' }
    : { first: name.slice(0, space), rest: name.slice(space + 1).trimStart() };
}

/** One or two letters in place of a picture. */
export function initialsOf(student: Pick<Student, 'name' | 'sortableName'>): string {
  const { first, rest } = tileNameOf(student);
  return [first, rest]
    .map((word) => /[\p{L}\p{N}]\p{M}*/u.exec(word)?.[0] ?? '')
    .join('')
    .toLocaleUpperCase();
}

export type CompareStudents = (a: Student, b: Student) => number;

/**
 * Orders students by family name, or by the first name that is on the tile, as the language sorts. Equal names keep a
 * fixed order by id.
 */
export function compareStudents(by: 'family' | 'first', language?: string): CompareStudents {
  const collator = collatorFor(language);
  const text = (student: Student) => (by === 'family' ? student.sortableName : tileNameOf(student).first);
  return (a, b) =>
    collator.compare(text(a), text(b)) ||
    collator.compare(a.name, b.name) ||
    a.id.length - b.id.length ||
    (a.id < b.id ? -1 : Number(a.id > b.id));
}

function collatorFor(language: string | undefined): Intl.Collator {
  try {
    return new Intl.Collator(language, { numeric: true });
  } catch {
    return new Intl.Collator(undefined, { numeric: true });
  }
}
