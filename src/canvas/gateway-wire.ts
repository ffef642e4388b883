/*
 * What the app and Tapmark's gateway say to each other besides Canvas's own API (sync protocol §13).
 * Both programs import this file, so they cannot drift apart. Header names are lower-case as on the wire.
 */

/** Who spoke: every answer that passed the gateway bears it. Values: `canvas`, `gateway`. */
export const speakerHeader = 'x-tapmark-speaker';
/**
 * Opaque; the gateway stamps every answer. A POST of results returns the stamp of the read it relies on, a fresh batch
 * the latest; an inquiry the one that the attempt itself returned: only that shows how far back the memory must reach.
 */
export const stampHeader = 'x-tapmark-stamp';
/** UUID of the attempt, on POST …/results. */
export const attemptHeader = 'x-tapmark-attempt';
/** Decimal epoch of the sender, on reads and POSTs. */
export const epochHeader = 'x-tapmark-epoch';
/** UUID of the installation, on reads and POSTs. */
export const installationHeader = 'x-tapmark-installation';
/** User id of the account whose marks these are; a session of somebody else is refused with `sign-in`. */
export const accountHeader = 'x-tapmark-account';
/** On a refusal by the gateway itself: `not-sent` (never reached Canvas) or `unknown`. */
export const outcomeHeader = 'x-tapmark-outcome';
/** On a refusal by the gateway itself: one of `GatewayReason`. */
export const reasonHeader = 'x-tapmark-reason';

/** On a refusal with `no-answer`: what came instead, one of `NoAnswer`. */
export const noAnswerHeader = 'x-tapmark-no-answer';

/** Why nothing that came back counts as Canvas's answer. */
export type NoAnswer =
  /** A web page: a maintenance page, a school filter, a sign-in page of the network. */
  | 'page'
  /** A redirect: a wrong CANVAS_URL, or a proxy with a sign-in of its own. */
  | 'redirect'
  /** Neither a page nor Canvas's form. */
  | 'strange'
  | 'too-large'
  /** The connection broke. */
  | 'cut-off'
  /** Nothing came in time. */
  | 'late';

export type Speaker = 'canvas' | 'gateway';

export type GatewayReason =
  /** No session, or the session is not the account's: sign in. */
  | 'sign-in'
  /** A write that is not plainly from our own page. */
  | 'csrf'
  /** The attempt came later than ATTEMPT_TIMEOUT after the answer whose stamp it returns. */
  | 'deadline'
  /** A newer sender of this installation and account has been heard. */
  | 'epoch'
  /** No stamp, a forged one, or one from before a loss of memory. */
  | 'stamp'
  /** Another body, or another account, under the same attempt id. */
  | 'mismatch'
  /** The id was barred by an inquiry that vouched for it. */
  | 'barred'
  /** No connection to Canvas came about. */
  | 'no-connection'
  /** Connected, but no answer came in time. */
  | 'no-answer'
  | 'too-large'
  /** Not on the allow-list of method and path. */
  | 'not-allowed'
  | 'starting';

/** `GET`: who is signed in. 200 `SessionAnswer`. */
export const sessionPath = '/tapmark/session';
/**
 * `GET ?return_to=/path`: 302 to Canvas's sign-in; Canvas sends the browser back to `signInReturnPath`. With `force=1`
 * Canvas asks again even if somebody is signed in there. What goes wrong leads to `/sign-in?problem=` with one of
 * `denied`, `expired`, `unreachable`, `failed`.
 */
export const signInPath = '/tapmark/sign-in';
export const signInReturnPath = '/tapmark/sign-in/return';
/** `GET`: where this person is signed in. 200 `DevicesAnswer`. */
export const devicesPath = '/tapmark/devices';
/** `POST`: ends the session on one of them. 204; 404 when there is no such device. */
export function deviceSignOutPath(device: string): string {
  return `${devicesPath}/${encodeURIComponent(device)}/sign-out`;
}
/** `POST` with `{"course": "…"}` or `{}`: what of a lesson will work. 200 `SetUpAnswer`; 429 when asked too often. */
export const setUpPath = '/tapmark/set-up';
/** `POST`: ends the session, revokes the token. 204. */
export const signOutPath = '/tapmark/sign-out';
/** `POST` with `{"stamp": "…"}`: what the gateway durably knows of an attempt. 200 `InquiryAnswer`. */
export function inquiryPath(attemptId: string): string {
  return `/tapmark/attempts/${attemptId}/inquiry`;
}

export type SessionAnswer =
  | {
      readonly signedIn: false;
      readonly host: string;
      readonly schoolName: string;
      readonly sample: boolean;
      /** A sign-in has begun in this browser and not come back: the path it was to lead to. */
      readonly unfinished?: string;
    }
  | {
      readonly signedIn: true;
      readonly host: string;
      readonly schoolName: string;
      readonly sample: boolean;
      readonly user: { readonly id: string; readonly name: string; readonly locale: string | null };
    };

export type SetUpPoint =
  /** Canvas answers, and takes the token. */
  | 'reach'
  /** The server's clock and Canvas's agree. */
  | 'clock'
  | 'courses'
  | 'students'
  | 'sections'
  /** The course has outcomes that an assessment can be aligned with. */
  | 'outcomes'
  /** This person may create live assessments, align them with outcomes, read the lists, post results. */
  | 'create'
  | 'align'
  | 'list'
  | 'post'
  /** What Canvas reckons from the marks can be read. */
  | 'mastery';

export interface SetUpFinding {
  readonly point: SetUpPoint;
  readonly state: 'ok' | 'wrong' | 'unknown';
  readonly why?:
    | NoAnswer
    | 'no-connection'
    | 'signed-out'
    /** The developer key lacks a scope. */
    | 'no-scope'
    /** The person's role lacks a right in this course. */
    | 'no-right'
    | 'missing'
    | 'throttled'
    | 'clock'
    /** There is nothing to look at: no outcome, or no live assessment yet. */
    | 'none';
}

export interface SetUpAnswer {
  readonly findings: readonly SetUpFinding[];
}

export interface DevicesAnswer {
  /** The latest used first. */
  readonly devices: readonly {
    /** Opaque. */
    readonly id: string;
    /** `iPad, Safari`; empty when nothing is known. */
    readonly name: string;
    readonly signedInAt: string;
    /** To within ten minutes. */
    readonly seenAt: string;
    /** The one that asks. */
    readonly current: boolean;
  }[];
}

export type InquiryAnswer =
  /** Forwarded and answered with this status; a repeat under the same id gets the same answer. */
  | { readonly knows: 'answered'; readonly status: number }
  | { readonly knows: 'running' }
  /** Never forwarded and never will be: its id is barred from now on. */
  | { readonly knows: 'never-forwarded' }
  | { readonly knows: 'unknown' };

/** The gateway's own time-out towards Canvas, below ATTEMPT_TIMEOUT so that an answer is the usual end. */
export const gatewayTimeoutMs = 60_000;
/** ATTEMPT_TIMEOUT of sync protocol §3. */
export const attemptTimeoutMs = 75_000;
