import type { Clock } from '#lib/clock.ts';
import type { Database } from '../database/database.ts';
import type { ThrottleNumbers } from './http/throttle.ts';

/** Which of the two revisions of Canvas the school speaks (contract §1.9). */
export type Revision = 'A' | 'B';

/** A program that may ask people to sign in: Canvas calls it a developer key. */
export interface DeveloperKey {
  readonly clientId: string;
  /** Null for a public client, which proves itself by PKCE alone. */
  readonly clientSecret: string | null;
  /** Shown on the sign-in page. */
  readonly name: string;
  /** Where it may be sent back to: the same host, or one below it, on the same scheme. */
  readonly redirectUris: readonly string[];
  /** Whether its tokens are held to the scopes they were asked for. Not by default. */
  readonly enforcesScopes?: boolean;
  /** Whether `include` parameters work with enforced scopes. Not by default. */
  readonly allowsIncludes?: boolean;
}

export interface SchoolOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** B by default. */
  readonly revision?: Revision;
  readonly developerKeys?: readonly DeveloperKey[];
  /** Whether an empty database is filled with the sample school. True by default. */
  readonly sampleIfEmpty?: boolean;
  /** Zone of people who have chosen none. UTC by default. */
  readonly timeZone?: string;
  /** Holds each token to a rate, as Canvas does with the numbers of `canvasThrottle`; absent: to none. */
  readonly throttle?: ThrottleNumbers;
  /** Called with an error nobody foresaw, for the log. It carries no request. */
  readonly onUnexpected?: (error: unknown) => void;
}
