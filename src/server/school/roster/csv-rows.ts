import { CsvError, type Info } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import type { Place, Problems } from './problems.ts';
import type { RosterFiles } from './roster-files.ts';

/** One line of a CSV file, below its heading. */
export interface CsvRow extends Place {
  /** What stands under this heading, without space around it; empty when nothing does, or there is no such column. */
  readonly text: (column: string) => string;
  /** The cells from this column to the end of the line. */
  readonly from: (column: string) => readonly string[];
}

interface Record {
  readonly record: readonly string[];
  readonly info: Info;
}

/**
 * The rows of a file; none when the file is not there. Headings are compared without case.
 * @param needed columns without which the file says nothing
 */
export function readRows(
  files: RosterFiles,
  file: string,
  needed: readonly string[],
  problems: Problems,
): CsvRow[] {
  const text = files.get(file);
  if (text === undefined) return [];
  const [heading, ...records] = parseRecords(text, file, problems);
  if (heading === undefined) return [];
  const columns = new Map(heading.record.map((name, at) => [name.trim().toLowerCase(), at]));
  const missing = needed.filter((name) => !columns.has(name.toLowerCase()));
  for (const name of missing) problems.add({ file, line: 1 }, name, 'this column is missing');
  if (missing.length > 0) return [];
  return records.map(({ record, info }): CsvRow => {
    const at = (column: string) => columns.get(column.toLowerCase()) ?? -1;
    return {
      file,
      line: info.lines,
      text: (column) => record[at(column)]?.trim() ?? '',
      from: (column) => (at(column) < 0 ? [] : record.slice(at(column)).map((cell) => cell.trim())),
    };
  });
}

/** What is needed of a row. @returns undefined, and a problem, when nothing stands there */
export function need(row: CsvRow, column: string, problems: Problems): string | undefined {
  const text = row.text(column);
  if (text.includes('\0')) problems.add(row, column, 'a character that cannot be stored');
  else if (text !== '') return text;
  else problems.add(row, column, 'nothing stands here');
  return undefined;
}

/** One of a few words, without case. @returns undefined, and a problem, for any other */
export function choose<Value>(
  row: CsvRow,
  column: string,
  words: Readonly<globalThis.Record<string, Value>>,
  problems: Problems,
): Value | undefined {
  const word = row.text(column).toLowerCase();
  if (Object.hasOwn(words, word)) return words[word];
  const known = Object.keys(words).filter((one) => one !== '');
  problems.add(row, column, `"${row.text(column)}" is none of ${known.join(', ')}`);
  return undefined;
}

/** A day or an instant, as ms since 1970; `end` takes a day for its last second. */
export function readTime(
  row: CsvRow,
  column: string,
  edge: 'start' | 'end',
  problems: Problems,
): number | null {
  const text = row.text(column);
  if (text === '') return null;
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const at = Date.parse(isDay ? `${text}T${edge === 'start' ? '00:00:00' : '23:59:59'}Z` : text);
  if (!Number.isNaN(at)) return at;
  problems.add(row, column, `"${text}" is no date`);
  return null;
}

function parseRecords(text: string, file: string, problems: Problems): Record[] {
  try {
    return parse(text, {
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
    }) as unknown as Record[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    problems.add({ file, line: Number(error['lines'] ?? 1) }, undefined, wordsOf(error));
    return [];
  }
}

function wordsOf(error: CsvError): string {
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quotation mark is opened and never closed';
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'INVALID_OPENING_QUOTE':
      return 'a quotation mark in the middle of a cell: double it, and put the cell in quotation marks';
    default:
      return error.message;
  }
}
