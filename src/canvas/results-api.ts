import type {
  AssessmentId,
  AssessmentKey,
  AttemptId,
  CourseId,
  OutcomeId,
  ResultId,
  UserId,
} from '#domain/ids.ts';
import type { Answered } from './answer.ts';
import type { InquiryAnswer } from './gateway-wire.ts';

/** One stored row, as `GET …/results` lists it (canvas-contract §1.1). */
export interface ResultRow {
  readonly id: ResultId;
  readonly passed: boolean;
  /** As the server wrote it; compare with `parseSecond`. */
  readonly assessedAt: string;
  readonly student: UserId;
  readonly assessor: UserId;
  readonly assessment: AssessmentId;
}

export interface LiveAssessment {
  readonly id: AssessmentId;
  readonly key: AssessmentKey;
  readonly title: string;
}

export interface ResultsPage {
  readonly rows: readonly ResultRow[];
  /** Whether it says how the list goes on, in its body or by `Link`. A page that does not may be anybody's. */
  readonly paged: boolean;
  /** Absolute or relative URL of the next page on our own origin; absent on the last page. */
  readonly next?: string;
  /** The stated number of rows over all pages. */
  readonly count?: number;
}

export interface AttemptFacts {
  readonly id: AttemptId;
  readonly stamp?: string;
}

/**
 * The calls the sync core makes. Every method sends exactly one request, calling the injected fetch
 * synchronously before it awaits anything, and throws one of the CanvasError family otherwise.
 */
export interface ResultsApi {
  /** Finds or creates one assessment; safe to repeat (its key is ours). Overwrites the title (§1.6). */
  findOrCreateAssessment(request: {
    course: CourseId;
    key: AssessmentKey;
    title: string;
    outcome?: OutcomeId;
  }): Promise<Answered<LiveAssessment>>;
  /** `body` comes from `resultsBody`, so that its hash can be journalled before it is sent. Not safe to repeat. */
  postResults(request: {
    course: CourseId;
    assessment: AssessmentId;
    body: string;
    attempt: AttemptFacts;
  }): Promise<Answered<readonly ResultRow[]>>;
  /** One page. `user` restricts it to one student's rows; `page` is a `next` of an earlier page. */
  readResultsPage(request: {
    course: CourseId;
    assessment: AssessmentId;
    user?: UserId;
    page?: string;
  }): Promise<Answered<ResultsPage>>;
  /** One page of the ids of active and invited students of a course. */
  readRosterPage(request: {
    course: CourseId;
    page?: string;
  }): Promise<Answered<{ readonly students: readonly UserId[]; readonly next?: string }>>;
  /** Asks the gateway what it durably knows of an attempt (sync protocol §13 duty 6). */
  inquire(attempt: AttemptFacts): Promise<Answered<InquiryAnswer>>;
  /** A cheap question answered in full by Canvas or the gateway: who is signed in. */
  probe(): Promise<Answered<{ readonly signedInAs?: UserId }>>;
}
