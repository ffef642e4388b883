import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from '#testing/any-text.ts';
import type { UserId } from './ids.ts';
import {
  cleanText,
  compareStudents,
  foldText,
  initialsOf,
  matchesSearch,
  searchTextOf,
  tileNameOf,
} from './names.ts';
import type { Student } from './student.ts';

function student(name: string, sortableName = name, id = '1'): Student {
  return { id: id as UserId, name, sortableName, shortName: name, sections: [], groups: [] };
}

describe('a name on a tile', () => {
  test.each([
    ['Ada Lovelace', 'Lovelace, Ada', 'Ada', 'Lovelace'],
    ['María del Carmen García López', 'García López, María del Carmen', 'María del Carmen', 'García López'],
    ['Vincent van der Berg', 'van der Berg, Vincent', 'Vincent', 'van der Berg'],
    ['Nguyễn Văn An', 'Nguyễn, Văn An', 'Văn An', 'Nguyễn'],
    ['ليلى بن يوسف', 'بن يوسف, ليلى', 'ليلى', 'بن يوسف'],
    ['נועה בר-לב', 'בר-לב, נועה', 'נועה', 'בר-לב'],
    ['Madonna', 'Madonna', 'Madonna', ''],
    ['王小明', '王小明', '王小明', ''],
    ['Bob Smith Jr.', 'Smith, Bob, Jr.', 'Bob', 'Smith Jr.'],
    ['Bob Smith', 'Jones, Robert', 'Bob', 'Smith'],
    ['Ann Lee Sato', 'Ann Lee Sato', 'Ann', 'Lee Sato'],
    ['Smithson Ann', 'Smith, Ann', 'Smithson', 'Ann'],
    ['Ann', ', Ann', 'Ann', ''],
    ['Ann', 'Ann,', 'Ann', ''],
  ])('%s, sorted as %s, is called %s', (name, sortableName, first, rest) => {
    expect(tileNameOf({ name, sortableName })).toEqual({ first, rest });
  });

  test('never loses a letter, and never has an empty first part', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).map(cleanText);
    const words = fc.array(word, { minLength: 1, maxLength: 5 }).map((all) => cleanText(all.join(' ')));
    fc.assert(
      fc.property(words, words, (name, sortableName) => {
        fc.pre(name !== '');
        const { first, rest } = tileNameOf({ name, sortableName });
        expect(first).not.toBe('');
        const letters = (text: string) => Array.from(text.replaceAll(' ', '')).sort().join('');
        expect(letters(first + rest)).toBe(letters(name));
      }),
    );
  });
});

describe('the search for a name', () => {
  const finds = (name: string, query: string, sortableName?: string) =>
    matchesSearch(searchTextOf(student(name, sortableName)), query);

  test.each([
    ['José Ñandú', 'jose nandu'],
    ['Jose Nandu', 'JOSÉ'],
    ['Nguyễn Văn An', 'nguyen van'],
    ['Þórdís Ægisdóttir', 'thordis aegis'],
    ['Łukasz Żółć', 'lukasz zolc'],
    ['Zoë Strauß', 'strauss'],
    ['İpek Işık', 'ipek isik'],
    ['Siobhán O’Brien', "o'brien"],
    ['Siobhán O’Brien', 'obrien'],
    ['Anne-Marie Dupont', 'anne marie'],
    ['Re\u0301mi', 'r\u00e9mi'],
    ['فَاطِمَة', 'فاطمة'],
    ['김민준', '김민'],
    ['Ada Lovelace', 'lace ad'],
    ['Ada Lovelace', '   '],
  ])('finds %s by %s', (name, query) => {
    expect(finds(name, query)).toBe(true);
  });

  test('asks for every word, and finds the sortable and the chosen name too', () => {
    expect(finds('Ada Lovelace', 'ada byron')).toBe(false);
    expect(finds('Bob Smith', 'robert', 'Smith, Robert')).toBe(true);
  });

  test('finds everybody by the own name, whatever it is made of', () => {
    fc.assert(
      fc.property(anyText(30), (name) => {
        expect(finds(name, name)).toBe(true);
        expect(foldText(foldText(name))).toBe(foldText(name));
      }),
    );
  });
});

describe('the order of names', () => {
  const class7b = [
    student('Öznur Aydın', 'Aydın, Öznur', '4'),
    student('Åsa Öberg', 'Öberg, Åsa', '3'),
    student('Zoë Adams', 'Adams, Zoë', '2'),
    student('Zoë Adams', 'Adams, Zoë', '10'),
  ];

  test('goes by family name or by first name', () => {
    const ids = (students: readonly Student[]) => students.map(({ id }) => id);
    expect(ids([...class7b].sort(compareStudents('family', 'en')))).toEqual(['2', '10', '4', '3']);
    expect(ids([...class7b].sort(compareStudents('first', 'en')))).toEqual(['3', '4', '2', '10']);
  });

  test('by first name is by the one on the tile, also where the family name comes first', () => {
    const names = [
      student('Nguyễn Văn Bình', 'Nguyễn, Văn Bình', '1'),
      student('Trần Anh', 'Trần, Anh', '2'),
      student('Maria Zoll', 'Zoll, Maria', '3'),
      student('Maria Adler', 'Adler, Maria', '4'),
    ];
    const called = [...names].sort(compareStudents('first', 'en')).map((each) => tileNameOf(each).first);
    expect(called).toEqual(['Anh', 'Maria', 'Maria', 'Văn Bình']);
    expect([...names].sort(compareStudents('first', 'en')).map(({ id }) => id)).toEqual(['2', '4', '3', '1']);
  });

  test('is the language’s own: in Swedish Ö comes after Z, in German beside O', () => {
    const names = [student('Zeta', 'Zeta', '1'), student('Öman', 'Öman', '2')];
    expect([...names].sort(compareStudents('family', 'sv')).map(({ name }) => name)).toEqual([
      'Zeta',
      'Öman',
    ]);
    expect([...names].sort(compareStudents('family', 'de')).map(({ name }) => name)).toEqual([
      'Öman',
      'Zeta',
    ]);
  });

  test('survives a language code that makes no sense', () => {
    expect(() => [...class7b].sort(compareStudents('family', 'not_a-language!'))).not.toThrow();
  });
});

describe('text from outside', () => {
  test('loses what would garble the screen and keeps what writing needs', () => {
    expect(cleanText('  Ann\u202egnp\u0000\t Lee ')).toBe('Anngnp Lee');
    expect(cleanText('<script>alert(1)</script>')).toBe('<script>alert(1)</script>');
    // Persian needs the zero-width non-joiner, emoji the joiner.
    expect(cleanText('می\u200cخواهم 👩‍👧')).toBe('می\u200cخواهم 👩‍👧');
    expect(cleanText('broken \ud83d half')).toBe('broken half');
  });

  test('is the same when cleaned twice', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(cleanText(cleanText(text))).toBe(cleanText(text));
      }),
    );
  });
});

test('initials are the first letters of both parts, with their marks', () => {
  expect(initialsOf({ name: 'Ada Lovelace', sortableName: 'Lovelace, Ada' })).toBe('AL');
  expect(initialsOf({ name: 'Madonna', sortableName: 'Madonna' })).toBe('M');
  expect(initialsOf({ name: '(Zoë) q\u0323ar', sortableName: '' })).toBe('ZQ\u0323');
  expect(initialsOf({ name: '🙂', sortableName: '🙂' })).toBe('');
});
