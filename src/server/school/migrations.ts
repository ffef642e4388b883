import type { Migration, MigrationContext } from '../database/migrations.ts';

/** The school's steps, oldest first. A step that has been released is never changed: add another. */
export const schoolMigrations: readonly Migration[] = [
  { name: 'school-001-people', up: createPeople },
  { name: 'school-002-outcomes', up: createOutcomes },
  { name: 'school-003-live-assessments', up: createLiveAssessments },
  { name: 'school-004-tokens', up: createTokens },
  { name: 'school-005-scores', up: createScores },
  { name: 'school-006-sign-in-links', up: createSignInLinks },
  { name: 'school-007-rosters', up: prepareForRosters },
  { name: 'school-008-hidden-sections', up: letSectionsBeHidden },
  { name: 'school-009-scores-by-student', up: findScoresByStudent },
  { name: 'school-010-sums-of-results', up: sumResultsByIndex },
  { name: 'school-011-lists-by-index', up: findListsByIndex },
];

async function createPeople({ db, id }: MigrationContext): Promise<void> {
  await db.schema
    .createTable('schoolFacts')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('users')
    .addColumn('id', id.keyType, id.given)
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('sortableName', 'text', (column) => column.notNull())
    .addColumn('shortName', 'text', (column) => column.notNull())
    .addColumn('searchText', 'text', (column) => column.notNull())
    .addColumn('login', 'text', (column) => column.unique())
    .addColumn('email', 'text')
    .addColumn('sisUserId', 'text', (column) => column.unique())
    .addColumn('timeZone', 'text')
    .addColumn('locale', 'text')
    .addColumn('avatarUrl', 'text')
    .addColumn('isAdmin', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('isDeleted', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('terms')
    .addColumn('id', id.keyType, id.given)
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('startAt', 'bigint')
    .addColumn('endAt', 'bigint')
    .execute();
  await db.schema
    .createTable('courses')
    .addColumn('id', id.keyType, id.given)
    .addColumn('sisCourseId', 'text', (column) => column.unique())
    .addColumn('uuid', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('courseCode', 'text', (column) => column.notNull())
    .addColumn('workflowState', 'text', (column) => column.notNull())
    .addColumn('termId', 'bigint', (column) => column.notNull().references('terms.id'))
    .addColumn('timeZone', 'text', (column) => column.notNull())
    .addColumn('startAt', 'bigint')
    .addColumn('endAt', 'bigint')
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('sections')
    .addColumn('id', id.keyType, id.given)
    .addColumn('courseId', 'bigint', (column) => column.notNull().references('courses.id'))
    .addColumn('sisSectionId', 'text', (column) => column.unique())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('startAt', 'bigint')
    .addColumn('endAt', 'bigint')
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('sectionsByCourse').on('sections').column('courseId').execute();
  await db.schema
    .createTable('enrollments')
    .addColumn('id', id.keyType, id.given)
    .addColumn('userId', 'bigint', (column) => column.notNull().references('users.id'))
    .addColumn('courseId', 'bigint', (column) => column.notNull().references('courses.id'))
    .addColumn('sectionId', 'bigint', (column) => column.notNull().references('sections.id'))
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('updatedAt', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('enrollmentsOnce', ['userId', 'sectionId', 'type'])
    .execute();
  await db.schema
    .createIndex('enrollmentsByCourse')
    .on('enrollments')
    .columns(['courseId', 'userId'])
    .execute();
  await db.schema
    .createTable('groupCategories')
    .addColumn('id', id.keyType, id.given)
    .addColumn('courseId', 'bigint', (column) => column.notNull().references('courses.id'))
    .addColumn('name', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('groups')
    .addColumn('id', id.keyType, id.given)
    .addColumn('courseId', 'bigint', (column) => column.notNull().references('courses.id'))
    .addColumn('categoryId', 'bigint', (column) => column.notNull().references('groupCategories.id'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('groupsByCourse').on('groups').column('courseId').execute();
  await db.schema
    .createTable('groupMemberships')
    .addColumn('groupId', 'bigint', (column) => column.notNull().references('groups.id'))
    .addColumn('userId', 'bigint', (column) => column.notNull().references('users.id'))
    .addPrimaryKeyConstraint('groupMembershipsKey', ['groupId', 'userId'])
    .execute();
}

async function createOutcomes({ db, id }: MigrationContext): Promise<void> {
  await db.schema
    .createTable('outcomes')
    .addColumn('id', id.keyType, id.given)
    .addColumn('courseId', 'bigint', (column) => column.references('courses.id'))
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('displayName', 'text')
    .addColumn('description', 'text')
    .addColumn('pointsPossible', 'double precision')
    .addColumn('masteryPoints', 'double precision')
    .addColumn('ratings', 'text')
    .addColumn('calculationMethod', 'text')
    .addColumn('calculationInt', 'integer')
    .addColumn('isDeleted', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createTable('outcomeGroups')
    .addColumn('id', id.keyType, id.given)
    .addColumn('courseId', 'bigint', (column) => column.notNull().references('courses.id'))
    .addColumn('parentId', 'bigint', (column) => column.references('outcomeGroups.id'))
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('description', 'text')
    .execute();
  await db.schema.createIndex('outcomeGroupsByCourse').on('outcomeGroups').column('courseId').execute();
  await db.schema
    .createTable('outcomeLinks')
    .addColumn('id', id.keyType, id.given)
    .addColumn('courseId', 'bigint', (column) => column.notNull().references('courses.id'))
    .addColumn('outcomeGroupId', 'bigint', (column) => column.notNull().references('outcomeGroups.id'))
    .addColumn('outcomeId', 'bigint', (column) => column.notNull().references('outcomes.id'))
    .addColumn('isDeleted', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createIndex('outcomeLinksByCourse')
    .on('outcomeLinks')
    .columns(['courseId', 'outcomeId'])
    .execute();
}

async function createLiveAssessments({ db, id }: MigrationContext): Promise<void> {
  await db.schema
    .createTable('liveAssessments')
    .addColumn('id', id.keyType, id.dealt)
    .addColumn('courseId', 'bigint', (column) => column.notNull().references('courses.id'))
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('liveAssessmentsByKey', ['courseId', 'key'])
    .execute();
  await db.schema
    .createTable('liveAlignments')
    .addColumn('assessmentId', 'bigint', (column) => column.notNull().references('liveAssessments.id'))
    .addColumn('outcomeId', 'bigint', (column) => column.notNull().references('outcomes.id'))
    .addColumn('threshold', 'double precision')
    .addPrimaryKeyConstraint('liveAlignmentsKey', ['assessmentId', 'outcomeId'])
    .execute();
  await db.schema
    .createTable('liveResults')
    .addColumn('id', id.keyType, id.dealt)
    .addColumn('assessmentId', 'bigint', (column) => column.notNull().references('liveAssessments.id'))
    .addColumn('userId', 'bigint', (column) => column.notNull().references('users.id'))
    .addColumn('assessorId', 'bigint', (column) => column.notNull().references('users.id'))
    .addColumn('passed', 'integer', (column) => column.notNull())
    .addColumn('assessedAt', 'bigint', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .execute();
  // Each list is paged by id: with these two neither needs a sort.
  await db.schema
    .createIndex('liveResultsInOrder')
    .on('liveResults')
    .columns(['assessmentId', 'id'])
    .execute();
  await db.schema
    .createIndex('liveResultsByStudent')
    .on('liveResults')
    .columns(['assessmentId', 'userId', 'id'])
    .execute();
}

async function createTokens({ db, id }: MigrationContext): Promise<void> {
  await db.schema
    .createTable('accessTokens')
    .addColumn('id', id.keyType, id.dealt)
    .addColumn('userId', 'bigint', (column) => column.notNull().references('users.id'))
    .addColumn('tokenHash', 'text', (column) => column.notNull().unique())
    .addColumn('refreshHash', 'text', (column) => column.unique())
    .addColumn('clientId', 'text')
    .addColumn('scopes', 'text')
    .addColumn('purpose', 'text')
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('expiresAt', 'bigint')
    .addColumn('revokedAt', 'bigint')
    .execute();
  await db.schema
    .createTable('oauthCodes')
    .addColumn('codeHash', 'text', (column) => column.primaryKey())
    .addColumn('clientId', 'text', (column) => column.notNull())
    .addColumn('userId', 'bigint', (column) => column.notNull().references('users.id'))
    .addColumn('redirectUri', 'text', (column) => column.notNull())
    .addColumn('scopes', 'text')
    .addColumn('purpose', 'text')
    .addColumn('codeChallenge', 'text')
    .addColumn('expiresAt', 'bigint', (column) => column.notNull())
    .execute();
}

async function createScores({ db, id }: MigrationContext): Promise<void> {
  await db.schema
    .createTable('scoringJobs')
    .addColumn('id', id.keyType, id.dealt)
    .addColumn('assessmentId', 'bigint', (column) => column.notNull().references('liveAssessments.id'))
    .addColumn('firstResultId', 'bigint', (column) => column.notNull())
    .addColumn('lastResultId', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('outcomeScores')
    .addColumn('id', id.keyType, id.dealt)
    .addColumn('assessmentId', 'bigint', (column) => column.notNull().references('liveAssessments.id'))
    .addColumn('outcomeId', 'bigint', (column) => column.notNull().references('outcomes.id'))
    .addColumn('userId', 'bigint', (column) => column.notNull().references('users.id'))
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('score', 'double precision', (column) => column.notNull())
    .addColumn('possible', 'double precision', (column) => column.notNull())
    .addColumn('percent', 'double precision', (column) => column.notNull())
    .addColumn('mastery', 'integer')
    .addColumn('assessedAt', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('outcomeScoresOnce', ['assessmentId', 'outcomeId', 'userId'])
    .execute();
}

async function createSignInLinks({ db }: MigrationContext): Promise<void> {
  await db.schema
    .createTable('signInLinks')
    .addColumn('linkHash', 'text', (column) => column.primaryKey())
    .addColumn('userId', 'bigint', (column) => column.notNull().references('users.id'))
    .addColumn('expiresAt', 'bigint', (column) => column.notNull())
    .execute();
}

/** What rosters of other programs say beyond the sample: their own ids, dates that restrict, hidden sections. */
async function prepareForRosters({ db }: MigrationContext): Promise<void> {
  await db.schema.alterTable('terms').addColumn('sisTermId', 'text').execute();
  await db.schema.createIndex('termsBySisId').unique().on('terms').column('sisTermId').execute();
  for (const table of ['courses', 'sections'] as const) {
    await db.schema
      .alterTable(table)
      .addColumn('restrictsToDates', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
  }
  const enrollments = () => db.schema.alterTable('enrollments');
  await enrollments().addColumn('startAt', 'bigint').execute();
  await enrollments().addColumn('endAt', 'bigint').execute();
  await enrollments().addColumn('associatedUserId', 'bigint').execute();
  await enrollments()
    .addColumn('limitsToSection', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema.createIndex('enrollmentsBySection').on('enrollments').column('sectionId').execute();
  for (const table of ['outcomes', 'outcomeGroups'] as const) {
    await db.schema.alterTable(table).addColumn('vendorGuid', 'text').execute();
  }
}

/** A setting of a course: its students do not learn who is in which section (contract §5.3). */
async function letSectionsBeHidden({ db }: MigrationContext): Promise<void> {
  await db.schema
    .alterTable('courses')
    .addColumn('hidesSections', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}

/** A page of rollups asks for the scores of its few students. */
async function findScoresByStudent({ db }: MigrationContext): Promise<void> {
  await db.schema
    .createIndex('outcomeScoresByStudent')
    .on('outcomeScores')
    .columns(['userId', 'outcomeId'])
    .execute();
}

/** Scores are sums over what one student has: the index holds all that is needed for them. */
async function sumResultsByIndex({ db }: MigrationContext): Promise<void> {
  await db.schema.dropIndex('liveResultsByStudent').execute();
  await db.schema
    .createIndex('liveResultsByStudent')
    .on('liveResults')
    .columns(['assessmentId', 'userId', 'id', 'passed', 'assessedAt'])
    .execute();
}

/** Assessments are paged by id; a person's groups, and the courses of an outcome, are asked for. */
async function findListsByIndex({ db }: MigrationContext): Promise<void> {
  const index = (name: string) => db.schema.createIndex(name);
  await index('liveAssessmentsInOrder').on('liveAssessments').columns(['courseId', 'id']).execute();
  await index('groupMembershipsByUser').on('groupMemberships').column('userId').execute();
  await index('outcomeLinksByOutcome').on('outcomeLinks').column('outcomeId').execute();
}
