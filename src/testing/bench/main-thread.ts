import type { Browser, Page } from '@playwright/test';

/** Tasks of a page's main thread, by the time that the thread itself was at work in them, ms each. */
export interface MainThreadTasks {
  /** Those in which the page's code ran, with what the browser did in them besides: it may have collected garbage. */
  readonly ofThePage: readonly number[];
  /** All others: garbage collected between two of them, answers unpacked. */
  readonly ofTheBrowser: readonly number[];
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** µs. */
  readonly ts: number;
  readonly dur?: number;
  /** µs of the processor. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

const task = 'ThreadControllerImpl::RunTask';
const code = new Set(['FunctionCall', 'EvaluateScript', 'RunMicrotasks']);
const categories = ['toplevel', '__metadata', 'devtools.timeline', 'blink.user_timing'];

/** The page's own marks (`performance.mark`) around what is watched. */
export const watched = { begins: 'watched begins', ends: 'watched ends' } as const;

/**
 * Watches a page's main thread while `work` runs, from the page's mark `watched.begins` to `watched.ends`. The time of the processor is counted, not that of the wall: what the
 * machine gives to others in mid-task is nobody's long task.
 */
export async function watchMainThread<T>(
  browser: Browser,
  page: Page,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly tasks: MainThreadTasks }> {
  await browser.startTracing(page, { categories });
  let result: T;
  let trace: Buffer;
  try {
    result = await work();
  } finally {
    trace = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  return { result, tasks: tasksIn(traceEvents) };
}

/** Of the busiest main thread of all pages: nothing else goes on in the browser. */
function tasksIn(events: readonly TraceEvent[]): MainThreadTasks {
  const thread = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`;
  const mains = new Set(
    events.flatMap((event) =>
      event.name === 'thread_name' && event.args?.name === 'CrRendererMain' ? [thread(event)] : [],
    ),
  );
  const byThread = new Map<string, TraceEvent[]>([...mains].map((main) => [main, []]));
  for (const event of events) if (event.ph === 'X') byThread.get(thread(event))?.push(event);
  const [busiest = []] = [...byThread.values()].sort((a, b) => b.length - a.length);
  const markedAt = (mark: string) => events.find(({ name }) => name === mark)?.ts;
  const [from, to] = [markedAt(watched.begins), markedAt(watched.ends)];
  if (from === undefined || to === undefined) throw new Error('the page did not say when it began and ended');
  const starts = busiest.flatMap(({ name, ts }) => (code.has(name) ? [ts] : [])).sort((a, b) => a - b);
  const ofThePage: number[] = [];
  const ofTheBrowser: number[] = [];
  let next = 0;
  for (const { ts, dur = 0, tdur = 0 } of busiest
    .filter(({ name, ts }) => name === task && from <= ts && ts <= to)
    .sort((a, b) => a.ts - b.ts)) {
    while (next < starts.length && starts[next]! < ts) next += 1;
    const ran = next < starts.length && starts[next]! < ts + dur;
    (ran ? ofThePage : ofTheBrowser).push(tdur / 1000);
  }
  return { ofThePage, ofTheBrowser };
}
