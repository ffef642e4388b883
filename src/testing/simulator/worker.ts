import { QuickAbortController } from './quick-abort.ts';
import { runSeeds } from './run-seeds.ts';

/* A process of `main.ts` that runs one range of seeds after the other until it is told that there are no more. */

// Stacks of errors that are thrown on purpose, thousands a second, are of no use to anybody.
Error.stackTraceLimit = 0;
Object.assign(globalThis, { AbortController: QuickAbortController });
process.on('message', (range: { from: number; count: number } | 'end') => {
  if (range === 'end') process.exit(0);
  void runSeeds(range).then((result) => process.send?.(result));
});
