import type { GatewayReason, InquiryAnswer, NoAnswer } from '#canvas/gateway-wire.ts';
import { attemptTimeoutMs, gatewayTimeoutMs } from '#canvas/gateway-wire.ts';
import type { Clock } from '#lib/clock.ts';
import type { AttemptEnding, AttemptRecord, RememberedAnswer } from './record.ts';
import type { AttemptRepository, Sender } from './repository.ts';
import { readStamp, writeStamp, type Seal, type Stamp } from './stamp.ts';
import { withinTimeout } from './within-timeout.ts';

/** How long answers are remembered, and how far back the gateway vouches (sync protocol §13 duty 3). */
export const rememberMs = 7 * 24 * 3_600_000;
/** Records live this much longer, so that instances whose clocks differ never vouch for a forgotten one. */
const forgetSlackMs = 24 * 3_600_000;
/** How far a stamp may lie ahead of this instance's clock: more means that a clock was set back. */
const clockToleranceMs = 10_000;
/** After this an attempt that still stands as running was cut off by a crash. */
const runningMs = gatewayTimeoutMs + 5_000;
/** Between two looks at an attempt that another request, perhaps on another instance, has under way. */
const pollMs = 100;

/** One POST of results, as it reached the gateway. */
export interface AttemptRequest extends Sender {
  readonly id: string;
  /** Digest of path and body. */
  readonly fingerprint: string;
  /** What the client returned, unread. */
  readonly stamp: string | undefined;
}

/** What came of putting the request before Canvas, once. */
export type ForwardEnd =
  | { readonly kind: 'answer'; readonly answer: RememberedAnswer }
  /** No connection came about, so Canvas cannot have it. */
  | { readonly kind: 'no-connection' }
  /** Connected, but no answer came, or one that is not Canvas's. */
  | { readonly kind: 'no-answer'; readonly why?: NoAnswer };

export type AttemptEnd =
  | { readonly kind: 'answer'; readonly answer: RememberedAnswer }
  | {
      readonly kind: 'refused';
      readonly outcome: 'not-sent' | 'unknown';
      readonly reason: GatewayReason;
      /** What came instead of an answer, for people; it is not remembered. */
      readonly why?: NoAnswer;
    };

export interface Ledger {
  /** A stamp for an answer that leaves now. */
  stamp(): Promise<string>;
  /** Takes note of the epoch that a read bears. Await it before the read goes on to Canvas. */
  hear(sender: Sender): Promise<void>;
  /**
   * Duties 2 to 5: forwards an attempt at most once in all, over all instances and repeats, and says how it ended.
   * A repeat gets the first answer, waiting for it if need be; it never forwards again, whatever became of the first.
   * @param forward puts the request before Canvas once, at once when called; must give up when `signal` aborts
   */
  send(attempt: AttemptRequest, forward: (signal: AbortSignal) => Promise<ForwardEnd>): Promise<AttemptEnd>;
  /**
   * Refuses an attempt for a reason outside the ledger (nobody signed in, cross-site). Its id is barred, so that a
   * later copy of the same request cannot make `not-sent` a lie; an id that was forwarded before is `unknown`.
   */
  refuse(
    attempt: { readonly id: string; readonly account: string; readonly stamp: string | undefined },
    reason: GatewayReason,
  ): Promise<AttemptEnd>;
  /**
   * Duty 6. With the stamp that the attempt itself returned, not a later one: only that shows that the memory
   * reaches back beyond the arm.
   */
  inquire(question: {
    readonly id: string;
    readonly account: string;
    readonly stamp: string | undefined;
  }): Promise<InquiryAnswer>;
  /** Drops what is too old to be asked for. To be called now and then. @returns how many records */
  forget(): Promise<number>;
}

/**
 * The gateway's duties 2 to 6 of sync protocol §13 over a repository. Knows neither HTTP nor a database; any
 * number of ledgers may share one repository, as instances of the gateway do.
 * @throws whatever the repository throws; then nothing was forwarded by that call
 */
export function createLedger(deps: {
  readonly repository: AttemptRepository;
  readonly clock: Clock;
  readonly seal: Seal;
  /** Hears of an ending that could not be written down. */
  readonly report: (error: unknown) => void;
}): Ledger {
  const { repository, clock, seal } = deps;

  const inTime = (stamp: Stamp): boolean => {
    const ageMs = clock.wallMs() - stamp.atMs;
    return ageMs <= attemptTimeoutMs && ageMs >= -clockToleranceMs;
  };
  const stillRunning = (record: AttemptRecord): boolean =>
    Math.abs(clock.wallMs() - record.recordedAtMs) < runningMs;

  /** What a further copy of a recorded attempt gets. */
  async function repeat(attempt: AttemptRequest, first: AttemptRecord): Promise<AttemptEnd> {
    let record: AttemptRecord | undefined = first;
    const startedMs = clock.monotonicMs();
    while (record !== undefined) {
      if (record.state.kind === 'not-sent') return refused('not-sent', record.state.reason);
      if (record.account !== attempt.account || record.fingerprint !== attempt.fingerprint) {
        return refused('unknown', 'mismatch');
      }
      if (record.state.kind === 'answered')
        return { kind: 'answer', answer: givenAgain(record.state.answer) };
      if (record.state.kind === 'unknown') break;
      if (!stillRunning(record) || clock.monotonicMs() - startedMs > runningMs) break;
      await clock.sleep(pollMs);
      record = await repository.find(attempt.id);
    }
    return refused('unknown', 'no-answer');
  }

  /** Forwards what `begin` has just recorded, and writes down how it ended. */
  async function forwardOnce(
    attempt: AttemptRequest,
    forward: (signal: AbortSignal) => Promise<ForwardEnd>,
  ): Promise<AttemptEnd> {
    const end = await withinTimeout<ForwardEnd>({
      clock,
      limitMs: gatewayTimeoutMs,
      // A throw says nothing about what Canvas has.
      work: (signal) => forward(signal).catch((): ForwardEnd => ({ kind: 'no-answer' })),
      late: () => ({ kind: 'no-answer', why: 'late' }),
    });
    switch (end.kind) {
      case 'answer':
        await settle(attempt.id, { kind: 'answered', answer: end.answer });
        return end;
      case 'no-connection':
        await settle(attempt.id, { kind: 'not-sent', reason: 'no-connection' });
        return refused('not-sent', 'no-connection');
      case 'no-answer':
        await settle(attempt.id, { kind: 'unknown' });
        return end.why === undefined
          ? refused('unknown', 'no-answer')
          : { kind: 'refused', outcome: 'unknown', reason: 'no-answer', why: end.why };
    }
  }

  /** The first sender learns the truth even if it cannot be kept; then the record stays running: unknown. */
  async function settle(id: string, ending: AttemptEnding): Promise<void> {
    try {
      await repository.end(id, ending);
    } catch (error) {
      deps.report(error);
    }
  }

  return {
    async stamp() {
      return writeStamp({ memory: await repository.memory(), atMs: clock.wallMs() }, seal);
    },

    hear: (sender) => repository.hear(sender, clock.wallMs()),

    async send(attempt, forward) {
      const startedMs = clock.monotonicMs();
      const stamp = await readStamp(attempt.stamp, seal);
      if (stamp === undefined) {
        const record = await repository.find(attempt.id);
        return record === undefined ? refused('not-sent', 'stamp') : repeat(attempt, record);
      }
      const { memory } = stamp;
      if (!inTime(stamp)) {
        // Barred, not merely refused: an earlier copy may have passed this check and not yet begun.
        const bar = { id: attempt.id, account: attempt.account, memory, reason: 'deadline' } as const;
        const held = await repository.barIfAbsent({ ...bar, atMs: clock.wallMs() });
        return held.kind === 'known' ? repeat(attempt, held.record) : refused('not-sent', 'deadline');
      }
      const begun = await repository.begin({ ...attempt, memory, atMs: clock.wallMs() });
      switch (begun.kind) {
        case 'known':
          return repeat(attempt, begun.record);
        case 'old-epoch':
          return refused('not-sent', 'epoch');
        case 'other-memory':
          return refused('not-sent', 'stamp');
        case 'begun':
          // The record may have taken long, or this process may have been frozen after it.
          if (inTime(stamp) && clock.monotonicMs() - startedMs <= attemptTimeoutMs) {
            return forwardOnce(attempt, forward);
          }
          await settle(attempt.id, { kind: 'not-sent', reason: 'deadline' });
          return refused('not-sent', 'deadline');
      }
    },

    async refuse(attempt, reason) {
      const stamp = await readStamp(attempt.stamp, seal);
      if (stamp === undefined) {
        const record = await repository.find(attempt.id);
        return record === undefined ? refused('not-sent', reason) : refusedKnown(record, reason);
      }
      const { id, account } = attempt;
      const held = await repository.barIfAbsent({
        id,
        account,
        memory: stamp.memory,
        reason,
        atMs: clock.wallMs(),
      });
      return held.kind === 'known' ? refusedKnown(held.record, reason) : refused('not-sent', reason);
    },

    async inquire({ id, account, stamp: text }) {
      const stamp = await readStamp(text, seal);
      const nowMs = clock.wallMs();
      const reachesBack =
        stamp !== undefined && nowMs - stamp.atMs <= rememberMs && stamp.atMs - nowMs <= clockToleranceMs;
      let record: AttemptRecord | undefined;
      if (reachesBack) {
        const bar = { id, account, memory: stamp.memory, reason: 'barred', atMs: nowMs } as const;
        const held = await repository.barIfAbsent(bar);
        if (held.kind === 'barred') return { knows: 'never-forwarded' };
        if (held.kind === 'known') record = held.record;
      } else {
        record = await repository.find(id);
      }
      if (record === undefined) return { knows: 'unknown' };
      if (record.state.kind === 'not-sent') return { knows: 'never-forwarded' };
      if (record.account !== account) return { knows: 'unknown' };
      if (record.state.kind === 'answered') return { knows: 'answered', status: record.state.answer.status };
      return { knows: record.state.kind === 'running' && stillRunning(record) ? 'running' : 'unknown' };
    },

    forget: () => repository.forget(clock.wallMs() - rememberMs - forgetSlackMs),
  };
}

function refused(outcome: 'not-sent' | 'unknown', reason: GatewayReason): AttemptEnd {
  return { kind: 'refused', outcome, reason };
}

/** What an answer said of its own moment is wrong later: a clock or a quota would be set by it. */
const momentary = new Set(['date', 'retry-after', 'x-rate-limit-remaining']);

function givenAgain(answer: RememberedAnswer): RememberedAnswer {
  return { ...answer, headers: answer.headers.filter(([name]) => !momentary.has(name)) };
}

/** A refusal for an outside reason of an id on record: what was forwarded stays in doubt. */
function refusedKnown(record: AttemptRecord, reason: GatewayReason): AttemptEnd {
  return refused(record.state.kind === 'not-sent' ? 'not-sent' : 'unknown', reason);
}
