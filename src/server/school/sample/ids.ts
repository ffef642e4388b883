/*
 * Ids of the sample school, the same in every copy, so that tests and people can name them. The ordinary ones
 * are small; one student and one outcome have ids that a JavaScript number cannot hold, to keep everybody honest.
 */

export const sampleCourses = {
  /** An ordinary class: 28 students. */
  maths: '101',
  /** A hall class: 63 students. */
  choir: '102',
  /** A year group: 220 students. */
  sport: '103',
  /** Over since last summer; the teacher taught it. */
  lastYear: '104',
  /** The co-teacher's own; the teacher has no part in it. */
  chess: '105',
  deleted: '106',
} as const;

export const samplePeople = {
  teacher: '11',
  coteacher: '12',
  ta: '13',
  designer: '14',
  student: '15',
  observer: '16',
  admin: '17',
  testStudent: '18',
  /** A student of the maths class with an id of 2^53 + 1. */
  bigId: '9007199254740993',
  /** Left the maths class: enrollment completed. */
  hasLeft: '501',
  /** Enrollment in the maths class switched off: inactive. */
  isInactive: '502',
} as const;

export const sampleOutcomes = {
  /** Scale 5, mastery 3, decaying average 65. */
  fractions: '201',
  /** Scale 4, mastery 3, n of 5. */
  reasoning: '202',
  /** No scale of its own. */
  equations: '203',
  /** Scale 10, mastery 7.5, latest; a title with a comma in it. */
  geometry: '204',
  /** Scale 3, mastery 2; an id of 2^53 + 3. */
  bigId: '9007199254740995',
  /** Of the account, linked nowhere. */
  unlinked: '291',
  /** Its link into the maths class was deleted. */
  linkDeleted: '292',
  pitch: '211',
  serve: '221',
  chess: '231',
} as const;
