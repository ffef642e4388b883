import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { onEachDatabase } from '#testing/each-database.ts';
import { createManualClock } from '#testing/manual-clock.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { CommandError, UsageError } from '../admin/command.ts';
import { runCommand } from '../commands.ts';
import { schoolMigrations } from '../migrations.ts';
import { createSchool } from '../school.ts';
import { readFacts } from '../school-facts.ts';
import type { SchoolTables } from '../tables.ts';

type Files = Readonly<Record<string, string>>;

const oneRoster: Files = {
  'manifest.csv': 'propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\nfile.enrollments,bulk\n',
  'orgs.csv': 'sourcedId,status,dateLastModified,name,type,identifier\no1,,,"Elm Road School",school,1\n',
  'academicSessions.csv':
    'sourcedId,status,dateLastModified,title,type,startDate,endDate\nt1,,,2026/27,schoolYear,2026-08-24,2027-07-09\n',
  'courses.csv': 'sourcedId,status,dateLastModified,title,courseCode\nc1,,,Mathematics,MATH\n',
  'classes.csv':
    'sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,termSourcedIds\nk1,,,7B Maths,07,c1,M7B,scheduled,"t1,t2"\n',
  'users.csv': [
    'sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,givenName,familyName,email,agentSourcedIds',
    'u1,,,true,o1,teacher,maalto,Miriam,Aalto,m@elm.example,',
    'u2,,,true,o1,student,,Ada,"Lovelace, of Elm",,p1',
    'u3,,,true,o1,student,ben,Ben,Hughes,,',
    'p1,,,true,o1,parent,anne,Anne,Lovelace,,',
    'a1,,,true,o1,administrator,boss,Greta,Holm,,',
    '',
  ].join('\n'),
  'enrollments.csv': [
    'sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate',
    'e1,,,k1,o1,u1,teacher,true,,',
    'e2,,,k1,o1,u2,student,,,',
    'e3,,,k1,o1,u3,student,,,',
    '',
  ].join('\n'),
  'demographics.csv': 'sourcedId,birthDate\nu2,2014-01-01\n',
};

const canvas: Files = {
  'users.csv':
    'user_id,login_id,first_name,last_name,status\nU1,miriam,Miriam,Aalto,active\nU2,ada,Ada,Lovelace,active\nU3,ben,Ben,Hughes,active\n',
  'courses.csv': 'course_id,short_name,long_name,account_id,term_id,status\nC1,M7B,Maths 7B,,,active\n',
  'sections.csv': 'section_id,course_id,name,status\nS1,C1,Group 1,active\nS2,C1,Group 2,active\n',
  'enrollments.csv':
    'course_id,user_id,role,section_id,status\n,U1,teacher,S1,active\n,U2,student,S1,active\n,U3,student,S2,active\n',
  'outcomes.csv': [
    'vendor_guid,object_type,title,description,calculation_method,calculation_int,workflow_state,parent_guids,mastery_points,ratings,,,,,',
    'g1,group,Number,,,,active,,,,,,,,',
    'o1,outcome,Adds fractions,<p>By hand</p>,decaying_average,65,active,g1,3,5,Exceeds,3,Meets,0,Not yet',
    '',
  ].join('\n'),
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tapmark-roster-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const clock = createManualClock();

async function run(database: Database, ...words: string[]): Promise<string[]> {
  const lines: string[] = [];
  await runCommand(words, {
    database,
    clock,
    origin: 'http://x',
    print: (line) => lines.push(line),
  });
  return lines;
}

/** Writes the files and imports them. */
function take(database: Database, files: Files, ...options: string[]): Promise<string[]> {
  const path = mkdtempSync(join(folder, 'files-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return run(database, 'import', path, ...options);
}

async function placesIn(database: Database): Promise<string[]> {
  const rows = await database
    .tables<SchoolTables>()
    .selectFrom('enrollments')
    .innerJoin('users', 'users.id', 'enrollments.userId')
    .innerJoin('sections', 'sections.id', 'enrollments.sectionId')
    .select(['users.name', 'sections.name as section', 'type', 'state'])
    .orderBy('enrollments.id')
    .execute();
  return rows.map(({ name, section, type, state }) => `${name}, ${section}, ${type}, ${state}`);
}

onEachDatabase((newUrl) => {
  let database: Database;
  beforeEach(async () => {
    database = await openDatabase({ url: await newUrl(), migrations: schoolMigrations });
  });
  afterEach(() => database.close());

  test('OneRoster 1.1: a class is a course, parents observe, administrators run the school', async () => {
    const lines = await take(database, oneRoster);
    expect(lines).toContain('people: 5 new');
    expect(lines.at(-1)).toBe('Done.');
    expect(await placesIn(database)).toEqual([
      'Miriam Aalto, 7B Maths, TeacherEnrollment, active',
      'Ada Lovelace, of Elm, 7B Maths, StudentEnrollment, active',
      'Ben Hughes, 7B Maths, StudentEnrollment, active',
      'Anne Lovelace, 7B Maths, ObserverEnrollment, active',
    ]);
    const db = database.tables<SchoolTables>();
    expect(await readFacts(db)).toMatchObject({ name: 'Elm Road School', isSample: false });
    const admins = await db.selectFrom('users').select('name').where('isAdmin', '=', 1).execute();
    expect(admins).toEqual([{ name: 'Greta Holm' }]);
    const token = (await run(database, 'token', 'maalto')).at(-1) ?? '';
    const school = await createSchool({ database, clock });
    const courses = await school.fetch(
      new Request('http://x/api/v1/courses?include[]=total_students&include[]=term', {
        headers: { authorization: `Bearer ${token}` },
      }),
    );
    expect(await courses.json()).toMatchObject([
      {
        name: '7B Maths',
        sis_course_id: 'k1',
        course_code: 'M7B',
        total_students: 2,
        term: { name: '2026/27' },
      },
    ]);
  });

  test('OneRoster 1.2 tells roles apart from people, in a zip with a folder', async () => {
    const users = (oneRoster['users.csv'] ?? '').replaceAll(
      /,(teacher|student|parent|administrator),/g,
      ',,',
    );
    const roles =
      'sourcedId,status,dateLastModified,userSourcedId,roleType,role\nr1,,,a1,primary,siteAdministrator\n';
    const files = { ...oneRoster, 'users.csv': users, 'roles.csv': roles };
    const zip = Object.entries(files).map(([name, text]) => [`export/${name}`, strToU8(`\uFEFF${text}`)]);
    const path = join(folder, 'roster.zip');
    writeFileSync(path, zipSync(Object.fromEntries(zip) as Record<string, Uint8Array>));
    expect(await run(database, 'import', path)).toContain('places in sections: 4 new');
  });

  test('Canvas SIS, with outcomes that keep their scale and groups', async () => {
    await take(database, canvas);
    const db = database.tables<SchoolTables>();
    expect(await db.selectFrom('outcomes').selectAll().execute()).toMatchObject([
      { title: 'Adds fractions', pointsPossible: 5, masteryPoints: 3, calculationInt: 65, vendorGuid: 'o1' },
    ]);
    expect(await db.selectFrom('outcomeGroups').select('title').orderBy('id').execute()).toEqual([
      { title: 'Maths 7B' },
      { title: 'Number' },
    ]);
    expect(await db.selectFrom('outcomeLinks').selectAll().execute()).toMatchObject([
      { outcomeGroupId: '2' },
    ]);
    const again = await take(database, canvas);
    expect(again).toContain('outcomes: 1 as before');
    expect(await db.selectFrom('outcomeLinks').select('id').execute()).toHaveLength(1);
  });

  test('importing the same again changes nothing', async () => {
    await take(database, oneRoster);
    const lines = await take(database, oneRoster);
    expect(lines.slice(1, -1)).toEqual([
      'terms: 1 as before',
      'people: 5 as before',
      'courses: 1 as before',
      'sections: 1 as before',
      'places in sections: 4 as before',
    ]);
  });

  test('a student who left is concluded and keeps results; one who comes back is back', async () => {
    await take(database, canvas);
    const db = database.tables<SchoolTables>();
    await db
      .insertInto('liveAssessments')
      .values({ courseId: '1', key: 'k', title: 't', createdAt: 0 })
      .execute();
    const result = {
      assessmentId: '1',
      userId: '3',
      assessorId: '1',
      passed: 1,
      assessedAt: 0,
      createdAt: 0,
    } as const;
    await db.insertInto('liveResults').values(result).execute();
    const without = (canvas['enrollments.csv'] ?? '').replace(/^,U3.*\n/m, '');
    expect(await take(database, { ...canvas, 'enrollments.csv': without })).toContain(
      'places in sections: 1 ended, 2 as before',
    );
    expect((await placesIn(database)).at(-1)).toBe('Ben Hughes, Group 2, StudentEnrollment, completed');
    expect(await db.selectFrom('liveResults').selectAll().execute()).toHaveLength(1);
    await take(database, canvas);
    expect((await placesIn(database)).at(-1)).toBe('Ben Hughes, Group 2, StudentEnrollment, active');
  });

  test('somebody who left the school has no place and no token any more, and is still there', async () => {
    await take(database, canvas);
    const token = (await run(database, 'token', 'miriam')).at(-1) ?? '';
    const users = (canvas['users.csv'] ?? '').replace('Aalto,active', 'Aalto,deleted');
    await take(database, { ...canvas, 'users.csv': users });
    expect((await placesIn(database))[0]).toBe('Miriam Aalto, Group 1, TeacherEnrollment, completed');
    const school = await createSchool({ database, clock });
    const headers = { authorization: `Bearer ${token}` };
    expect((await school.fetch(new Request('http://x/api/v1/users/self', { headers }))).status).toBe(401);
    expect((await run(database, 'people', 'miriam')).at(-1)).toBe('1 people');
  });

  test('names, and logins that change hands, are updated', async () => {
    await take(database, canvas);
    const users =
      'user_id,login_id,full_name,status\nU1,ada,Miriam Aalto-Berg,active\nU2,miriam,Ada Lovelace,active\n';
    await take(database, { 'users.csv': users });
    const db = database.tables<SchoolTables>();
    expect(await db.selectFrom('users').select(['login', 'name']).orderBy('id').execute()).toEqual([
      { login: 'ada', name: 'Miriam Aalto-Berg' },
      { login: 'miriam', name: 'Ada Lovelace' },
      { login: 'ben', name: 'Ben Hughes' },
    ]);
    // Files without enrollments say nothing about who left.
    expect((await placesIn(database)).every((place) => place.endsWith('active'))).toBe(true);
  });

  test('a dry run shows each change and makes none', async () => {
    const lines = await take(database, oneRoster, '--dry-run');
    expect(lines).toContain('+ Ben Hughes (ben)');
    expect(lines).toContain('people: 5 new');
    expect(lines.at(-1)).toBe('This was a dry run: nothing was changed.');
    const db = database.tables<SchoolTables>();
    expect(await db.selectFrom('users').select('id').execute()).toEqual([]);
    expect(await db.selectFrom('schoolFacts').selectAll().execute()).toEqual([]);
  });

  test('everything wrong is told by file, line and column, and nothing is taken', async () => {
    const files = {
      ...canvas,
      'users.csv':
        'user_id,login_id,status\nU1,miriam,active\nU1,other,active\n,nobody,active\nU4,miriam,maybe\n',
      'enrollments.csv':
        'user_id,role,section_id,status,start_date\nU1,teacher,S9,active,\nU9,king,S1,active,\nU1,ta,S1,active,soon\n',
    };
    const error = await take(database, files).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(CommandError);
    const lines = (error as Error).message.split('\n');
    expect(lines).toEqual([
      'users.csv, line 4, column user_id: nothing stands here',
      'users.csv, line 5, column status: "maybe" is none of active, suspended, deleted, completed, published',
      expect.stringMatching(/^enrollments\.csv, line 3, column role: "king" is none of student,/),
      'enrollments.csv, line 4, column start_date: "soon" is no date',
      'users.csv, line 3: the person "U1" stands here a second time',
      'enrollments.csv, line 2: there is no section "S9", neither in the files nor in the school',
      'Nothing was changed.',
    ]);
    expect(await database.tables<SchoolTables>().selectFrom('users').select('id').execute()).toEqual([]);
  });

  test('the sample school is replaced when that is said, and only then', async () => {
    await run(database, 'token', 'teacher');
    const sample = (await readFacts(database.tables<SchoolTables>())).id;
    await expect(take(database, canvas)).rejects.toThrow(/--replace-sample/);
    await take(database, canvas, '--replace-sample', '--name', 'Elm Road');
    const facts = await readFacts(database.tables<SchoolTables>());
    expect(facts).toMatchObject({ name: 'Elm Road', isSample: false });
    expect(facts.id).not.toBe(sample);
    expect((await run(database, 'tokens')).slice(1)).toEqual([]);
    expect((await run(database, 'check')).at(-1)).toBe('The database is in order.');
  });

  test('half a file is not taken for half a school leaving', async () => {
    const pupils = Array.from({ length: 60 }, (_, n) => `P${String(n)}`);
    const users = `user_id,login_id,full_name,status\n${pupils.map((id) => `${id},${id},Pupil ${id},active`).join('\n')}\n`;
    const enrollments = (ids: string[]) =>
      `user_id,role,section_id,status\n${ids.map((id) => `${id},student,S1,active`).join('\n')}\n`;
    const files = { ...canvas, 'users.csv': users, 'enrollments.csv': enrollments(pupils) };
    await take(database, files);
    const half = { ...files, 'enrollments.csv': enrollments(pupils.slice(0, 10)) };
    await expect(take(database, half)).rejects.toThrow(/50 places in sections would end, and 10 stay/);
    expect(await take(database, half, '--many-leave')).toContain(
      'places in sections: 50 ended, 10 as before',
    );
  });

  test('what is exported can be imported again, people of all alphabets and big ids too', async () => {
    await run(database, 'token', 'teacher');
    const out = join(folder, 'out');
    const lines = await run(database, 'export', out);
    expect(lines).toContain(`${join(out, 'courses.csv')}: 5 rows`);
    const other = await openDatabase({ url: await newUrl(), migrations: schoolMigrations });
    await run(other, 'import', out, '--name', 'Copy');
    const count = async (on: Database) =>
      on
        .tables<SchoolTables>()
        .selectFrom('enrollments')
        .innerJoin('users', 'users.id', 'enrollments.userId')
        .innerJoin('courses', 'courses.id', 'enrollments.courseId')
        .select(['users.name', 'courses.name as course', 'type'])
        .where('state', '=', 'active')
        .where('type', '!=', 'StudentViewEnrollment')
        .where('workflowState', '!=', 'deleted')
        .execute();
    const told = async (on: Database) => (await count(on)).map((row) => JSON.stringify(row)).sort();
    const before = await told(database);
    // Invited people come back as active ones: Canvas's format knows no invitations.
    expect(await told(other)).toEqual(expect.arrayContaining(before));
    const scales = (on: Database) =>
      on
        .tables<SchoolTables>()
        .selectFrom('outcomes')
        .select(['title', 'ratings', 'calculationMethod'])
        .orderBy('id')
        .execute();
    expect(await scales(other)).toEqual(await scales(database));
    await other.close();
  });
});

describe('a path', () => {
  let database: Database;
  beforeEach(async () => {
    database = await openDatabase({ url: 'sqlite::memory:', migrations: schoolMigrations });
  });
  afterEach(() => database.close());

  test.each([
    ['that is nothing', () => undefined, /There is nothing at/],
    ['that is an empty folder', (path: string) => mkdirSync(path), /There is no CSV file/],
    ['that is no zip', (path: string) => writeFileSync(path, 'hello'), /neither a folder/],
  ])('%s is explained', async (_words, make, words) => {
    const path = join(folder, 'thing');
    make(path);
    await expect(run(database, 'import', path)).rejects.toThrow(words);
  });

  test.each<[string, Files, RegExp]>([
    [
      'without a needed column',
      { 'users.csv': 'login_id\nx\n' },
      /users\.csv, line 1, column user_id: this column is missing/,
    ],
    [
      'with an open quotation mark',
      { 'users.csv': 'user_id,login_id\n"U1,x\n' },
      /users\.csv, line \d: a quotation mark is opened/,
    ],
    ['of another kind', { 'marks.csv': 'a,b\n1,2\n' }, /None of these files is of OneRoster or of Canvas/],
    ['of both formats', { ...oneRoster, 'sections.csv': '' }, /of OneRoster and of Canvas at once/],
  ])('to files %s is explained', async (_words, files, words) => {
    await expect(take(database, files)).rejects.toThrow(words);
  });

  test('to a file that is not UTF-8 names the line', async () => {
    const path = join(folder, 'users.csv');
    writeFileSync(path, Buffer.from('user_id,login_id\nU1,a\nU2,J\xfcrgen\n', 'latin1'));
    await expect(run(database, 'import', path)).rejects.toThrow(/users\.csv, line 3: not UTF-8/);
  });

  test('to a zone of time that is none is explained', async () => {
    await expect(take(database, canvas, '--time-zone', 'Middle/Earth')).rejects.toThrow(UsageError);
  });
});
