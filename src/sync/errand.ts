import type { SyncDeps } from './deps.ts';
import { needsTeacher } from './gates.ts';
import { doneAhead } from './look-ahead.ts';
import { createRest } from './rest.ts';
import { createSender } from './sender.ts';
import { runTenure, type TenurePort } from './tenure.ts';

/** What a worker is told while it sends. */
export interface ErrandTerms {
  /** How long the browser lets it run, ms: nothing is waited for beyond that. */
  readonly longestMs: number;
  /** Aborts when the account is left or its database is wanted: nothing more is started. */
  readonly stop: AbortSignal;
}

/**
 * The sender of a service worker: the same core under the same lock, for as long as something can be done. It takes
 * the lock from nobody, and makes room as soon as a page that somebody looks at wants it; an attempt under way is
 * seen through first.
 * @returns true when marks are left that could go by themselves later
 */
export async function runErrand(
  deps: Omit<SyncDeps, 'visible'>,
  { longestMs, stop }: ErrandTerms,
): Promise<boolean> {
  const endAtMs = deps.clock.monotonicMs() + longestMs;
  const stopping = new AbortController();
  const queueing = new AbortController();
  const rest = createRest(deps.clock);
  const leave = () => {
    stopping.abort();
    queueing.abort();
    rest.wake();
  };
  stop.addEventListener('abort', leave, { once: true });
  if (stop.aborted) leave();
  const held = await deps.lock.acquire({
    signal: queueing.signal,
    maySteal: () => false,
    // A page has it, and sends.
    onWaiting: leave,
    onWanted: leave,
  });
  if (held === undefined) return false;

  const gone = new AbortController();
  const sender = createSender(
    { ...deps, visible: () => true },
    { gone: gone.signal, stopping: stopping.signal },
  );
  const lose = () => {
    gone.abort();
    rest.wake();
  };
  held.lost.addEventListener('abort', lose, { once: true });
  if (held.lost.aborted) lose();
  const port: TenurePort = {
    dirty: true,
    survey: undefined,
    storageFailed: undefined,
    releaseAt: undefined,
    publish: () => undefined,
    rest: async (ms) => {
      const isOver = !canMove(port) || deps.clock.monotonicMs() + ms > endAtMs;
      if (isOver) stopping.abort();
      else await rest.rest(ms);
    },
  };
  held.onPoke(() => {
    port.dirty = true;
    rest.wake();
  });
  await runTenure(sender, port);
  gone.abort();
  await doneAhead(sender.memory);
  stop.removeEventListener('abort', leave);
  held.release();
  return canMove(port);
}

/** Marks that will go without anybody doing anything, as far as the last look tells. */
function canMove({ survey, releaseAt, storageFailed }: TenurePort): boolean {
  if (storageFailed !== undefined || survey === undefined) return true;
  const waiting = survey.lanes.filter((work) => work.queued || work.unknown.length > 0);
  return releaseAt !== undefined || waiting.some(({ lane }) => !needsTeacher(lane));
}
