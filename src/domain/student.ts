import type { GroupId, SectionId, UserId } from './ids.ts';

/** Somebody who can be marked in a course. */
export interface Student {
  readonly id: UserId;
  /** As Canvas shows it, "María García López"; never empty. */
  readonly name: string;
  /** "García López, María"; the same as `name` where Canvas has none. */
  readonly sortableName: string;
  /** What the student chose to be called; the same as `name` where Canvas has none. */
  readonly shortName: string;
  /** Empty when the course hides sections on its roster. */
  readonly sections: readonly SectionId[];
  readonly groups: readonly GroupId[];
  /** http(s) or a path on our own origin. */
  readonly avatarUrl?: string;
}
