import type { SchoolServer } from '../school-server.ts';
import { pass } from '../faults.ts';
import { openClassroom, type Classroom } from './classroom.ts';
import { diagnose } from './diagnose.ts';
import { runRound, type RoundEnd } from './round.ts';

/** Rounds that share a tablet and its disk. */
const termLength = 10;

export interface TortureResult {
  /** Seeds. */
  readonly failed: readonly number[];
  readonly taps: number;
  readonly saved: number;
  readonly rows: number;
  readonly kills: { readonly browser: number; readonly server: number };
}

/** What stands on the screen, in one line: it is a school of invented people. */
async function screenOf(room: Classroom): Promise<string> {
  const page = room.page();
  if (page === undefined) return 'no screen';
  try {
    const words = await page.locator('body').innerText({ timeout: 1_000 });
    return `${new URL(page.url()).pathname}: ${words.replaceAll(/\s+/g, ' ').slice(0, 300)}`;
  } catch (error) {
    return `no screen: ${String(error)}`;
  }
}

/** Lines that are printed of a round that failed. */
const longestStory = 60;

/** Runs rounds `first`, `first + 1`, … one after the other. A round that fails ends its term: its tablet is evidence. */
export async function runTerms(
  server: SchoolServer,
  options: { rounds: number; first: number; skipWaits: boolean; print: (line: string) => void },
): Promise<TortureResult> {
  const { rounds, first, skipWaits, print } = options;
  const failed: number[] = [];
  const total = { taps: 0, saved: 0, rows: 0 };
  const kills = { browser: 0, server: 0 };
  let room: Classroom | undefined;
  const endTerm = async () => {
    if (room === undefined) return;
    total.taps += room.ledger.taps.length;
    total.saved += room.ledger.taps.filter((tap) => tap.saved).length;
    total.rows += (await room.rows()).length;
    await room.dispose();
    room = undefined;
  };
  try {
    for (let n = 0; n < rounds; n += 1) {
      const seed = first + n;
      if (seed % termLength === 0) await endTerm();
      room ??= await openClassroom(server, {
        name: `Torture ${seed}`,
        isNew: Math.floor(seed / termLength) % 3 === 0,
      });
      const startedMs = performance.now();
      const before = room.ledger.taps.length;
      let end: RoundEnd | undefined;
      let wrong: readonly string[];
      try {
        end = await runRound(room, seed, skipWaits);
        wrong = await diagnose(room);
      } catch (error) {
        const screen = await screenOf(room);
        // What is wrong is asked of the school, and not of what stands in the way.
        server.network.plan(() => pass);
        wrong = [
          String(error),
          screen,
          ...(await diagnose(room).catch((second: unknown) => [String(second)])),
        ];
      }
      const victim = end?.plan.victim;
      if (victim === 'browser' || victim === 'both') kills.browser += 1;
      if (victim === 'server' || victim === 'both') kills.server += 1;
      const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
      print(lineOf({ seed, room, before, end, seconds, ok: wrong.length === 0 }));
      for (const line of wrong.slice(0, longestStory)) print(`    ${line}`);
      if (wrong.length > longestStory) print(`    and ${wrong.length - longestStory} lines more`);
      if (wrong.length === 0) continue;
      failed.push(seed);
      await bringUp(server);
      await endTerm();
    }
    await endTerm();
  } finally {
    await room?.dispose();
  }
  return { failed, ...total, kills };
}

function lineOf(round: {
  seed: number;
  room: Classroom;
  before: number;
  end: RoundEnd | undefined;
  seconds: string;
  ok: boolean;
}): string {
  const { seed, room, before, end, seconds, ok } = round;
  const taps = room.ledger.taps.slice(before);
  const saved = taps.filter((tap) => tap.saved).length;
  const waits = end === undefined ? '' : `, ${end.skips} waits skipped, ${end.signIns} sign-ins`;
  const words = end?.words.join(', ') ?? '';
  return `${ok ? 'ok  ' : 'FAIL'} ${seed}: ${taps.length} taps, ${saved} saved${waits}, ${seconds} s; ${words}`;
}

/** After a round that broke off anywhere. */
async function bringUp(server: SchoolServer): Promise<void> {
  await server.kill();
  server.network.plan(() => pass);
  server.network.setOnline(true);
  await server.start();
}
