import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import decodeQR from 'qr/decode.js';
import encodeQR from 'qr';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { onEachDatabase } from '#testing/each-database.ts';
import { createManualClock, type ManualClock } from '#testing/manual-clock.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { gatewayMigrations, type GatewayTables } from '../gateway/migrations.ts';
import { CommandError, UsageError } from './admin/command.ts';
import { runCommand } from './commands.ts';
import { schoolMigrations } from './migrations.ts';
import { createSchool } from './school.ts';
import type { SchoolTables } from './tables.ts';

const migrations = [...schoolMigrations, ...gatewayMigrations];

let database: Database;
let clock: ManualClock;
let folder: string;
beforeEach(async () => {
  clock = createManualClock();
  folder = mkdtempSync(join(tmpdir(), 'tapmark-commands-'));
  database = await openDatabase({ url: 'sqlite::memory:', migrations });
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

async function runOn(on: Database, ...words: string[]): Promise<string[]> {
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  await runCommand(words, { database: on, clock, origin: 'https://marks.test', print });
  return lines;
}

const run = (...words: string[]) => runOn(database, ...words);

async function statusWith(token: string, path = '/api/v1/users/self'): Promise<number> {
  const school = await createSchool({ database, clock });
  const headers = { authorization: `Bearer ${token}` };
  return (await school.fetch(new Request(`http://school.test${path}`, { headers }))).status;
}

describe('token', () => {
  test('prints a token on its last line, before the server was ever started', async () => {
    const token = (await run('token', 'teacher')).at(-1) ?? '';
    const school = await createSchool({ database, clock });
    const headers = { authorization: `Bearer ${token}` };
    const answer = await school.fetch(new Request('http://school.test/api/v1/users/self', { headers }));
    expect(await answer.json()).toMatchObject({ login_id: 'teacher' });
  });

  test('of nobody says who there is', async () => {
    await expect(run('token', 'nobody')).rejects.toThrow(
      /"nobody".*teacher, coteacher, ta, designer, student/,
    );
  });

  test('--scopes holds it to what it names', async () => {
    const lines = await run('token', 'teacher', '--scopes', 'url:GET|/api/v1/courses');
    const token = lines.at(-1) ?? '';
    expect(await statusWith(token, '/api/v1/courses')).toBe(200);
    expect(await statusWith(token)).toBe(401);
  });

  test.each([
    ['90m', 90 * 60_000],
    ['2d', 2 * 86_400_000],
  ])('--expires %s ends it then', async (words, ms) => {
    const token = (await run('token', 'teacher', '--expires', words)).at(-1) ?? '';
    await clock.advance(ms - 1);
    expect(await statusWith(token)).toBe(200);
    await clock.advance(1);
    expect(await statusWith(token)).toBe(401);
  });

  test('is listed without itself, and revoked by its number', async () => {
    const token = (await run('token', 'teacher')).at(-1) ?? '';
    const listed = (await run('tokens', 'teacher')).join('\n');
    expect(listed).toMatch(/1 +teacher +Miriam Aalto/);
    expect(listed).not.toContain(token);
    expect(await run('revoke', '1')).toEqual(['Token 1 is revoked.']);
    expect(await statusWith(token)).toBe(401);
    expect(await run('tokens')).toHaveLength(1);
    expect(await run('revoke', '1')).toEqual(['There is no good token 1.']);
  });
});

describe('qr', () => {
  test('draws the link that signs in, in the terminal and as SVG', async () => {
    const svg = join(folder, 'code.svg');
    const lines = await run('qr', 'teacher', '--svg', svg);
    const link = lines.find((line) => line.startsWith('https://')) ?? '';
    expect(link).toMatch(/^https:\/\/marks\.test\/login\/link\/[\w-]{43}$/);
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg /);
    expect(readFileSync(svg, 'utf8')).toBe(encodeQR(link, 'svg', { border: 4 }));
    expect(readPicture(link)).toBe(link);
  });
});

/** What a camera would make of the code: each square four pixels wide. */
function readPicture(link: string): string {
  const squares = encodeQR(link, 'raw', { border: 4 });
  const size = squares.length * 4;
  const pixels = new Uint8ClampedArray(size * size * 4).map((_, at) => {
    const pixel = Math.floor(at / 4);
    const isDark = squares[Math.floor(pixel / size / 4)]?.[Math.floor((pixel % size) / 4)] ?? false;
    return at % 4 === 3 || !isDark ? 255 : 0;
  });
  return decodeQR({ width: size, height: size, data: pixels });
}

test('people are listed with what they are where, and found without accents', async () => {
  await run('token', 'teacher');
  expect((await run('people', 'lea')).join('\n')).toMatch(/13 +ta +Fontaine, Léa +ta ×2/);
  expect((await run('people')).at(-1)).toMatch(/^\d{3} people$/);
});

test('courses are listed with how many teach and learn there', async () => {
  await run('token', 'teacher');
  expect((await run('courses')).join('\n')).toMatch(/101 +MATH-7B +Mathematics 7B +available +2 +28/);
});

test('check counts rows and finds what cannot be', async () => {
  await run('token', 'teacher');
  expect((await run('check')).at(-1)).toBe('The database is in order.');
  const db = database.tables<SchoolTables>();
  await db.updateTable('enrollments').set({ courseId: '102' }).where('sectionId', '=', '601').execute();
  await expect(run('check')).rejects.toThrow(/\d+ enrollments are in a section of another course/);
});

test.each([
  [[]],
  [['nonsense']],
  [['token']],
  [['token', 'teacher', 'more']],
  [['token', 'teacher', '--scopes', 'everything']],
  [['token', 'teacher', '--expires', 'soon']],
  [['token', 'teacher', '--expires', '2020-01-01']],
  [['token', 'teacher', '--nonsense']],
  [['revoke']],
  [['revoke', 'all']],
  [['qr']],
])('%j is explained', async (words) => {
  await expect(run(...words)).rejects.toThrow(UsageError);
});

test('help names every command', async () => {
  const text = (await run('help')).join('\n');
  for (const name of ['token', 'tokens', 'revoke', 'qr', 'people', 'courses', 'check', 'backup', 'restore']) {
    expect(text).toContain(`  ${name}`);
  }
});

onEachDatabase((newUrl) => {
  const open = async () => openDatabase({ url: await newUrl(), migrations });

  test('a backup brings everything back, and what comes after it gets new numbers', async () => {
    const [one, other] = [await open(), await open()];
    const token = (await runOn(one, 'token', 'teacher')).at(-1) ?? '';
    await mark(one, token);
    const file = join(folder, 'backup');
    await runOn(one, 'backup', file);
    await runOn(other, 'token', 'student');
    await runOn(other, 'restore', file, '--yes');
    expect(await everything(other)).toEqual(await everything(one));
    await mark(other, token);
    const results = await other.tables<SchoolTables>().selectFrom('liveResults').select('id').execute();
    expect(results.map(({ id }) => id)).toEqual(['1', '2']);
    expect((await runOn(other, 'check')).at(-1)).toBe('The database is in order.');
    await one.close();
    await other.close();
  });

  test('a restored gateway memory takes a new name, however fresh the backup is', async () => {
    const one = await open();
    await runOn(one, 'token', 'teacher');
    const memory = one.tables<GatewayTables>();
    const far = clock.wallMs() + 60_000;
    await memory.updateTable('gatewayMemory').set({ name: 'old', stampedUntil: far }).execute();
    const file = join(folder, 'backup');
    await runOn(one, 'backup', file);
    await runOn(one, 'restore', file, '--yes');
    expect(await memory.selectFrom('gatewayMemory').select('stampedUntil').execute()).toEqual([
      { stampedUntil: 0 },
    ]);
    await one.close();
  });

  test.each([
    ['cut off', (file: string) => truncateSync(file, 2000)],
    ['something else', (file: string) => writeFileSync(file, 'name,login\n')],
  ])('a backup that is %s changes nothing', async (_words, spoil) => {
    const one = await open();
    await runOn(one, 'token', 'teacher');
    const before = await everything(one);
    const file = join(folder, 'backup');
    await runOn(one, 'backup', file);
    spoil(file);
    await expect(runOn(one, 'restore', file, '--yes')).rejects.toThrow(CommandError);
    expect(await everything(one)).toEqual(before);
    await one.close();
  });

  test('restore asks first, and a missing file is named', async () => {
    const one = await open();
    await expect(runOn(one, 'restore', 'nowhere')).rejects.toThrow(/--yes/);
    await expect(runOn(one, 'restore', 'nowhere', '--yes')).rejects.toThrow(/There is no file nowhere/);
    await one.close();
  });
});

async function mark(on: Database, token: string): Promise<void> {
  const school = await createSchool({ database: on, clock });
  const post = (path: string, body: unknown) =>
    school.fetch(
      new Request(`http://school.test/api/v1/courses/101/live_assessments${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );
  const links = { outcome: '201' };
  await post('', { assessments: [{ key: 'k', title: 't', links }] });
  const result = { passed: true, assessed_at: '2026-09-01T08:00:00Z', links: { user: '9007199254740993' } };
  expect((await post('/1/results', { results: [result] })).status).toBe(200);
  await school.close();
}

async function everything(on: Database): Promise<unknown> {
  const db = on.tables<SchoolTables>();
  return {
    users: await db.selectFrom('users').selectAll().orderBy('id').execute(),
    enrollments: await db.selectFrom('enrollments').selectAll().orderBy('id').execute(),
    outcomeGroups: await db.selectFrom('outcomeGroups').selectAll().orderBy('id').execute(),
    results: await db.selectFrom('liveResults').selectAll().orderBy('id').execute(),
    scores: await db.selectFrom('outcomeScores').selectAll().orderBy('id').execute(),
    tokens: await db.selectFrom('accessTokens').selectAll().orderBy('id').execute(),
  };
}
