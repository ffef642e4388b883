import type { Kysely, Selectable } from 'kysely';
import type { CourseRow, EnrollmentRow, SchoolTables, SectionRow, TermRow, UserRow } from '../tables.ts';

type Rows<Row> = ReadonlyMap<string, Selectable<Row>>;

/** What the school has, by the ids of the program a roster comes from. */
export interface KnownSchool {
  readonly terms: Rows<TermRow>;
  readonly courses: Rows<CourseRow>;
  readonly sections: Rows<SectionRow>;
  readonly people: Rows<UserRow>;
  /** Ids of people by login, also of those that no roster knows. */
  readonly logins: ReadonlyMap<string, string>;
  readonly places: readonly Selectable<EnrollmentRow>[];
}

export async function readKnownSchool(db: Kysely<SchoolTables>): Promise<KnownSchool> {
  const users = await db.selectFrom('users').selectAll().execute();
  return {
    terms: bySisId(await db.selectFrom('terms').selectAll().execute(), (row) => row.sisTermId),
    courses: bySisId(await db.selectFrom('courses').selectAll().execute(), (row) => row.sisCourseId),
    sections: bySisId(await db.selectFrom('sections').selectAll().execute(), (row) => row.sisSectionId),
    people: bySisId(users, (row) => row.sisUserId),
    logins: new Map(users.flatMap(({ login, id }) => (login === null ? [] : [[login, id]]))),
    places: await db.selectFrom('enrollments').selectAll().execute(),
  };
}

function bySisId<Row>(rows: readonly Row[], sisIdOf: (row: Row) => string | null): Map<string, Row> {
  const found = new Map<string, Row>();
  for (const row of rows) {
    const sisId = sisIdOf(row);
    if (sisId !== null) found.set(sisId, row);
  }
  return found;
}
