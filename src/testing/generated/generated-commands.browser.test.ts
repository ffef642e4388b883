import fc from 'fast-check';
import { test } from 'vitest';
import { anyCommands, markEverybody, newModel } from './commands.ts';
import { RealWorld } from './real-world.ts';

/*
 * Sync protocol §17.3: any sequence of what can happen to a tablet, on the real store in a real browser. I1, I3, I6,
 * I7, I9 and I10 are checked after every command, I14 and I15 when nothing is left to do.
 */

/** In the suite as many as fit, always the same ones; `VITE_GENERATED_RUNS=500` for a night, others each time. */
const asked = Number(import.meta.env['VITE_GENERATED_RUNS'] ?? '0');
const bound = asked > 0 ? { numRuns: asked } : { seed: 173, numRuns: 10, interruptAfterTimeLimit: 12_000 };

test('while A1 to A3 hold, every saved mark becomes one row, whatever happens', async () => {
  await fc.assert(
    fc.asyncProperty(anyCommands({ late: false }), async (commands) => {
      const world = new RealWorld();
      try {
        const model = newModel();
        await world.changeHands(world.tablets[0], model.user);
        await fc.asyncModelRun(() => ({ model, real: world }), commands);
        await world.comeToRest();
        await world.oracle.checkAtRest(true);
      } finally {
        await world.dispose();
      }
    }),
    bound,
  );
}, 600_000);

test('without A1 no mark is lost, and every surplus row is shown', async () => {
  await fc.assert(
    fc.asyncProperty(anyCommands({ late: true }), async (commands) => {
      const world = new RealWorld();
      try {
        const model = newModel();
        await world.changeHands(world.tablets[0], model.user);
        await fc.asyncModelRun(() => ({ model, real: world }), commands);
        await world.comeToRest();
        await world.time.run(600_000);
        await markEverybody(world);
        await world.comeToRest();
        await world.oracle.checkAtRest(false);
      } finally {
        await world.dispose();
      }
    }),
    bound,
  );
}, 600_000);
