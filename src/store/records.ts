import type {
  AssessmentId,
  AttemptId,
  BatchId,
  InstallationId,
  LaneId,
  MarkId,
  UserId,
} from '#domain/ids.ts';

/*
 * The rows of the sync tables (sync protocol §5) besides marks. Plain data: they are written by IndexedDB's
 * structured clone, read by the sync core, and kept in plain maps by its tests.
 */

export type BatchState = 'formed' | 'armed' | 'unknown' | 'closed';

export interface Batch {
  readonly id: BatchId;
  readonly lane: LaneId;
  /** `seq` of its marks, in the order they are sent. */
  readonly marks: readonly number[];
  readonly state: BatchState;
  readonly parent?: BatchId;
  /** Complete reads that found it absent after an unlisted answer; three lead to a split (§11). */
  readonly absentCount: number;
}

export type AttemptOutcome = 'accepted' | 'refused-batch' | 'refused-gate' | 'not-sent' | 'unknown';

export interface Attempt {
  readonly id: AttemptId;
  readonly batchId: BatchId;
  readonly lane: LaneId;
  /** 1 for the batch's first attempt. */
  readonly n: number;
  readonly epoch: number;
  readonly marks: readonly number[];
  /** SHA-256 of the body, hex. */
  readonly bodyHash: string;
  /** The gateway stamp this attempt returns (§13 duty 4); absent without such a gateway. */
  readonly stamp?: string;
  /** Device time, ms. For people and logs; no wait is measured with it. */
  readonly armedAt: number;
  readonly phase: 'armed' | 'ended';
  readonly outcome?: AttemptOutcome;
  readonly status?: number;
  readonly endedAt?: number;
  /** True once the gateway vouched that it never was and never will be forwarded. */
  readonly vouched?: boolean;
}

export type GateName =
  | 'open'
  | 'unresolved'
  | 'auth'
  | 'permission'
  | 'no-readback'
  | 'missing'
  | 'throttle'
  | 'unreachable'
  | 'systemic'
  | 'identity'
  | 'storage';

export interface Lane {
  readonly id: LaneId;
  readonly assessmentId?: AssessmentId;
  readonly gate: GateName;
  /** Plain reason from the wire, for support; never a name, a token or a mark. */
  readonly reason?: string;
  /** Device time, ms, of the next automatic try behind a gate that time opens. */
  readonly until?: number;
  readonly failures: number;
  /** Single refusals alike since the gate opened (§11). */
  readonly refusals: number;
  /** True once the lane accepted a mark since its gate opened (§11). */
  readonly accepted: boolean;
  readonly batchLimit: number;
  /** Students confirmed since the last audit read; an audit is due when not empty (§9). */
  readonly auditDue: readonly UserId[];
  /** What to do when it is time to make the assessment; absent when the lane came from elsewhere. */
  readonly title?: string;
  readonly outcomeId?: string;
}

/** The single row of the `meta` table. */
export interface Meta {
  readonly installation: InstallationId;
  readonly epoch: number;
  /** Server time minus device time, ms, median of the last five; absent until measured. */
  readonly clockOffsetMs?: number;
  readonly schemaVersion: number;
  readonly protocolVersion: number;
}

export interface LogEntry {
  readonly n?: number;
  readonly at: number;
  readonly what: string;
  readonly mark?: MarkId;
  readonly batch?: BatchId;
  readonly attempt?: AttemptId;
  readonly lane?: LaneId;
}
