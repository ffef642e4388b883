import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { decodeUtf8 } from '../http/read-body.ts';
import { RosterError } from './problems.ts';

/** Texts of CSV files by their name in lower case, without folders. */
export type RosterFiles = ReadonlyMap<string, string>;

/** Far more than the roster of a large city; less than what would exhaust the memory. */
const MOST_BYTES = 512 * 1024 * 1024;

/**
 * Reads the CSV files of a folder, a zip, or a single one.
 * @throws RosterError for a path that is none of these, files that are no UTF-8, and too much of them
 */
export async function readRosterFiles(path: string): Promise<RosterFiles> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new RosterError([`There is nothing at ${path}.`]);
  const files = found.isDirectory()
    ? await inFolder(path)
    : path.toLowerCase().endsWith('.csv')
      ? [{ name: basename(path), bytes: await readFile(path) }]
      : inZip(path, await readFile(path));
  const texts = new Map(files.map(({ name, bytes }) => [name.toLowerCase(), decode(name, bytes)]));
  if (texts.size === 0) throw new RosterError([`There is no CSV file in ${path}.`]);
  return texts;
}

interface RawFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

async function inFolder(path: string): Promise<RawFile[]> {
  const names = (await readdir(path)).filter(isCsv);
  const files: RawFile[] = [];
  for (const name of names) files.push({ name, bytes: await readFile(join(path, name)) });
  return files;
}

function inZip(path: string, bytes: Uint8Array): RawFile[] {
  let size = 0;
  try {
    const entries = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (!isCsv(name) || name.startsWith('__MACOSX/')) return false;
        size += originalSize;
        if (size > MOST_BYTES) throw new RosterError([`${path} holds more than could be a roster.`]);
        return true;
      },
    });
    return Object.entries(entries).map(([name, content]) => ({ name: basename(name), bytes: content }));
  } catch (error) {
    if (error instanceof RosterError) throw error;
    throw new RosterError([`${path} is neither a folder, nor a CSV file, nor a zip that can be read.`]);
  }
}

function isCsv(name: string): boolean {
  return name.toLowerCase().endsWith('.csv') && !basename(name).startsWith('.');
}

function decode(name: string, bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes).replace(/^\uFEFF/, '');
  } catch {
    const line = strFromU8(bytes.subarray(0, firstBadByte(bytes)), true).split('\n').length;
    throw new RosterError([`${name}, line ${String(line)}: not UTF-8. Save the file as "CSV UTF-8".`]);
  }
}

/** The place of the first byte that cannot be part of UTF-8 text, found by halving. */
function firstBadByte(bytes: Uint8Array): number {
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      good = middle;
    } catch {
      bad = middle;
    }
  }
  return good;
}
