import type { Generated } from 'kysely';

/*
 * The school's tables as the query builder sees them. Ids are decimal strings (64-bit integers in the
 * database), instants are ms since 1970, flags are 0 or 1: all of it the same on SQLite and PostgreSQL.
 */

export type Flag = 0 | 1;

export type EnrollmentType =
  | 'StudentEnrollment'
  | 'StudentViewEnrollment'
  | 'TeacherEnrollment'
  | 'TaEnrollment'
  | 'DesignerEnrollment'
  | 'ObserverEnrollment';

export type EnrollmentState =
  'active' | 'invited' | 'creation_pending' | 'completed' | 'inactive' | 'rejected' | 'deleted';

export interface SchoolTables {
  /** Facts of the school as a whole: `id`, `name`, `sample`, `timeZone`. */
  schoolFacts: { name: string; value: string };
  users: UserRow;
  terms: TermRow;
  courses: CourseRow;
  sections: SectionRow;
  enrollments: EnrollmentRow;
  groupCategories: { id: string; courseId: string; name: string };
  groups: GroupRow;
  groupMemberships: { groupId: string; userId: string };
  outcomes: OutcomeRow;
  outcomeGroups: {
    id: string;
    courseId: string;
    parentId: string | null;
    title: string;
    description: string | null;
    vendorGuid: string | null;
  };
  outcomeLinks: { id: string; courseId: string; outcomeGroupId: string; outcomeId: string; isDeleted: Flag };
  liveAssessments: { id: Generated<string>; courseId: string; key: string; title: string; createdAt: number };
  /** Which outcomes an assessment counts for, with the mastery threshold as it was then (contract §6.1). */
  liveAlignments: { assessmentId: string; outcomeId: string; threshold: number | null };
  liveResults: LiveResultRow;
  /** Batches whose scores are still to be computed: rows of one assessment from first to last id. */
  scoringJobs: { id: Generated<string>; assessmentId: string; firstResultId: string; lastResultId: string };
  outcomeScores: OutcomeScoreRow;
  accessTokens: AccessTokenRow;
  oauthCodes: OAuthCodeRow;
  /** Single use: whoever opens the link first is that person. Only its SHA-256 is kept. */
  signInLinks: { linkHash: string; userId: string; expiresAt: number };
}

export interface TermRow {
  id: string;
  sisTermId: string | null;
  name: string;
  startAt: number | null;
  endAt: number | null;
}

export interface UserRow {
  id: string;
  name: string;
  sortableName: string;
  shortName: string;
  /** Name and login without case and accents, for `search_term`. */
  searchText: string;
  login: string | null;
  email: string | null;
  sisUserId: string | null;
  timeZone: string | null;
  locale: string | null;
  avatarUrl: string | null;
  isAdmin: Flag;
  isDeleted: Flag;
  createdAt: number;
}

export interface CourseRow {
  id: string;
  sisCourseId: string | null;
  uuid: string;
  name: string;
  courseCode: string;
  workflowState: 'unpublished' | 'available' | 'completed' | 'deleted';
  termId: string;
  timeZone: string;
  startAt: number | null;
  endAt: number | null;
  /** Whether its own dates, and not the term's, say when people may take part. */
  restrictsToDates: Flag;
  /** Whether its students are not told who is in which section. */
  hidesSections: Flag;
  createdAt: number;
}

export interface SectionRow {
  id: string;
  courseId: string;
  sisSectionId: string | null;
  name: string;
  startAt: number | null;
  endAt: number | null;
  restrictsToDates: Flag;
  createdAt: number;
}

export interface EnrollmentRow {
  id: string;
  userId: string;
  courseId: string;
  sectionId: string;
  type: EnrollmentType;
  state: EnrollmentState;
  startAt: number | null;
  endAt: number | null;
  /** Whom an observer observes. */
  associatedUserId: string | null;
  /** Sees only the people of this section. */
  limitsToSection: Flag;
  createdAt: number;
  updatedAt: number;
}

export interface GroupRow {
  id: string;
  courseId: string;
  categoryId: string;
  name: string;
  createdAt: number;
}

export interface OutcomeRow {
  id: string;
  /** The course it was made in; null: the account's. */
  courseId: string | null;
  title: string;
  displayName: string | null;
  description: string | null;
  /** Null as a whole when the outcome has no scale of its own. */
  pointsPossible: number | null;
  masteryPoints: number | null;
  /** JSON: `[{"description": …, "points": …}]`. */
  ratings: string | null;
  calculationMethod: string | null;
  calculationInt: number | null;
  vendorGuid: string | null;
  isDeleted: Flag;
}

export interface LiveResultRow {
  id: Generated<string>;
  assessmentId: string;
  userId: string;
  assessorId: string;
  passed: Flag;
  assessedAt: number;
  createdAt: number;
}

/** What the gradebook holds of one student, assessment and outcome (contract §6.1). */
export interface OutcomeScoreRow {
  id: Generated<string>;
  assessmentId: string;
  outcomeId: string;
  userId: string;
  title: string;
  score: number;
  possible: number;
  percent: number;
  mastery: Flag | null;
  /** The latest `assessedAt`. */
  assessedAt: number;
}

export interface AccessTokenRow {
  id: Generated<string>;
  userId: string;
  /** SHA-256, hex: the token itself is shown once and never kept. */
  tokenHash: string;
  refreshHash: string | null;
  /** The developer key it was given to; null: made by hand. */
  clientId: string | null;
  /** Space-separated; null: everything. */
  scopes: string | null;
  purpose: string | null;
  createdAt: number;
  expiresAt: number | null;
  revokedAt: number | null;
}

export interface OAuthCodeRow {
  codeHash: string;
  clientId: string;
  userId: string;
  redirectUri: string;
  scopes: string | null;
  purpose: string | null;
  codeChallenge: string | null;
  expiresAt: number;
}
