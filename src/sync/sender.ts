import type { AnswerFacts, Answered } from '#canvas/answer.ts';
import { CanvasError, ThrottledError } from '#canvas/errors.ts';
import { StorageError, type SyncTx } from '#store/port.ts';
import { backoffMs } from './backoff.ts';
import { addClockSample } from './clock-offset.ts';
import type { SyncDeps } from './deps.ts';
import { findingOf } from './findings.ts';
import { createMemory, type SenderMemory } from './memory.ts';
import { storageTries } from './parameters.ts';

/** The lock is lost or the engine was stopped: whatever is under way is left as it stands in the store. */
export class GoneError extends Error {
  override readonly name = 'GoneError';
}

/** A tab that holds the lock, from take-over until it lets go or loses it. */
export interface Sender {
  readonly deps: SyncDeps;
  readonly memory: SenderMemory;
  /** Aborts when this sender must not take another step. */
  readonly gone: AbortSignal;
  /** Aborts when this sender must not start anything more, and may finish what is under way. */
  readonly stopping: AbortSignal;
  /** Monotonic, ms. */
  now(): number;
  /** Asks one thing of the network and remembers what the answer says besides. @throws CanvasError, GoneError */
  ask<T>(call: () => Promise<Answered<T>>): Promise<Answered<T>>;
  /** One transaction, tried three times where the store fails. @throws StorageError, OutdatedError, GoneError */
  write<T>(work: (tx: SyncTx) => Promise<T>): Promise<T>;
  read<T>(work: (tx: SyncTx) => Promise<T>): Promise<T>;
  setEpoch(epoch: number): void;
  /** To be called when the memory says something new in mid-step. */
  changed(): void;
  /** Called as soon as a POST is under way: the time for what needs no attempt. Set by the tenure. */
  underWay?: () => void;
}

export function createSender(
  deps: SyncDeps,
  signals: { readonly gone: AbortSignal; readonly stopping: AbortSignal; readonly changed?: () => void },
): Sender {
  const { gone, stopping } = signals;
  const memory = createMemory();
  const stay = () => {
    if (gone.aborted) throw new GoneError();
  };
  return {
    deps,
    memory,
    gone,
    stopping,
    now: () => deps.clock.monotonicMs(),
    async ask(call) {
      stay();
      try {
        const answered = await orGone(call(), gone);
        noteAnswer(memory, answered.answer, deps);
        memory.finding = 'reached';
        return answered;
      } catch (error) {
        if (error instanceof GoneError) throw error;
        noteError(memory, error, deps);
        throw error;
      }
    },
    async write(work) {
      stay();
      return withTries(() => deps.store.write(work));
    },
    async read(work) {
      stay();
      return withTries(() => deps.store.read(work));
    },
    setEpoch(epoch) {
      memory.epoch = epoch;
      deps.onEpoch?.(epoch);
    },
    changed: () => signals.changed?.(),
  };
}

async function withTries<T>(act: () => Promise<T>): Promise<T> {
  for (let n = 1; ; n += 1) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof StorageError) || error.kind === 'version' || n >= storageTries) throw error;
    }
  }
}

/** Waits for a promise, but no longer than the sender lives. The promise itself runs on, unheard. */
export async function orGone<T>(promise: Promise<T>, gone: AbortSignal): Promise<T> {
  let leave: () => void = () => undefined;
  const left = new Promise<never>((_resolve, reject) => {
    leave = () => {
      reject(new GoneError());
    };
    if (gone.aborted) leave();
    gone.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([promise, left]);
  } finally {
    gone.removeEventListener('abort', leave);
  }
}

/** What every answer tells besides its value: gateway or not, its stamp, the time, the quota. */
function noteAnswer(memory: SenderMemory, answer: AnswerFacts, deps: SyncDeps): void {
  const nowMs = deps.clock.monotonicMs();
  memory.gateway = answer.speaker !== undefined;
  if (answer.stamp !== undefined) memory.stamp = { value: answer.stamp, atMs: nowMs };
  memory.clock = addClockSample(memory.clock, answer, { wallMs: deps.clock.wallMs(), monotonicMs: nowMs });
  if ((answer.quotaRemaining ?? 1) <= 0) throttle(memory, answer, deps);
  else memory.throttles = 0;
}

function noteError(memory: SenderMemory, error: unknown, deps: SyncDeps): void {
  memory.finding = findingOf(error);
  if (!(error instanceof CanvasError)) return;
  // An answer without the gateway's mark that is an error may be anybody's: it says nothing about the gateway.
  if (error.answer?.speaker !== undefined) noteAnswer(memory, error.answer, deps);
  if (error instanceof ThrottledError) throttle(memory, error.answer, deps);
}

/** Nothing of the account is sent for a while: the rate is limited by user, not by lane. */
function throttle(memory: SenderMemory, answer: AnswerFacts | undefined, deps: SyncDeps): void {
  memory.throttles += 1;
  const waitMs = backoffMs(memory.throttles, deps.random, answer?.retryAfterMs);
  memory.throttledUntilMs = Math.max(memory.throttledUntilMs, deps.clock.monotonicMs() + waitMs);
}
