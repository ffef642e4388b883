import { setTimeout as sleep } from 'node:timers/promises';
import { pass } from '../faults.ts';
import { createSeededRandom, type SeededRandom } from '../seeded-random.ts';
import { openGrid, type Classroom, type TortureLane } from './classroom.ts';
import { markFast } from './mark-fast.ts';
import { planRound, type RoundPlan } from './plan-round.ts';
import { sendNow, settle, type Rest } from './settle.ts';
import { Strike } from './strike.ts';

export interface RoundEnd extends Rest {
  readonly plan: RoundPlan;
  /** What befell it, in order. */
  readonly words: readonly string[];
}

/**
 * One round: a teacher marks as fast as they can, something is killed under their hands, they go on with what is
 * left, everything comes up again, and the app is left alone until it says that all is in Canvas.
 */
export async function runRound(room: Classroom, seed: number, skipWaits: boolean): Promise<RoundEnd> {
  const random = createSeededRandom(seed);
  const plan = planRound(random, seed);
  const lane = room.lanes[plan.lane]!;
  const strike = new Strike(room, plan, random);
  const { network } = room.server;

  network.plan(() => pass);
  await openGrid(await room.startBrowser(), lane);
  network.plan(strike.decide);
  await markUntilStruck({ room, plan, random, strike });
  await recover({ room, plan, random, lane });
  network.plan(() => pass);
  return { plan, words: strike.words, ...(await settle(room, lane, skipWaits)) };
}

/** Longest that a round waits for the request at which it was to be struck, ms. */
const strikeByMs = 1_500;

async function markUntilStruck(round: {
  room: Classroom;
  plan: RoundPlan;
  random: SeededRandom;
  strike: Strike;
}): Promise<void> {
  const { room, plan, random, strike } = round;
  await asLongAsItLives(room, async (page) => {
    await markFast(page, {
      taps: plan.taps,
      random,
      touching: (touch) => room.ledger.touch(touch),
      after: async (n) => {
        strike.tapped();
        if (plan.sendAfter.has(n)) await sendNow(page);
      },
    });
    await sendNow(page);
  });
  for (let waitedMs = 0; !strike.hasStruck && waitedMs < strikeByMs; waitedMs += 50) await sleep(50);
  await strike.strike();
}

/** Brings everything up again, in the order of the plan, with more marks on the way. */
async function recover(round: {
  room: Classroom;
  plan: RoundPlan;
  random: SeededRandom;
  lane: TortureLane;
}): Promise<void> {
  const { room, plan, random, lane } = round;
  const { server } = room;
  const markMore = () =>
    asLongAsItLives(room, (page) =>
      markFast(page, { taps: plan.tapsAfter, random, touching: (touch) => room.ledger.touch(touch) }),
    );
  switch (plan.victim) {
    case 'browser':
      await openGrid(await room.startBrowser(), lane);
      await markMore();
      break;
    case 'server':
      await markMore();
      await server.start();
      break;
    case 'both':
      if (plan.firstUp === 'server') await server.start();
      if (await openGrid(await room.startBrowser(), lane, { serverUp: plan.firstUp === 'server' }))
        await markMore();
      if (plan.firstUp === 'browser') await server.start();
      break;
    case 'network':
      await markMore();
      await sleep(plan.offlineMs);
      server.network.setOnline(true);
      await room.page()?.context().setOffline(false);
      break;
    case 'nobody':
      await markMore();
      break;
  }
}

/** What a person does with a browser, which may die under their hands. */
async function asLongAsItLives(
  room: Classroom,
  act: (page: Exclude<ReturnType<Classroom['page']>, undefined>) => Promise<void>,
) {
  const page = room.page();
  if (page === undefined) return;
  try {
    await act(page);
  } catch (error) {
    if (room.page() === page) throw error;
  }
}
