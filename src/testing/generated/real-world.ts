import type { UserId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { needsTeacher } from '#sync/gates.ts';
import { createMemoryAttempts } from '../memory-attempts.ts';
import { ModelCanvas } from '../model-canvas.ts';
import { ModelNetwork, type Fate, type Hop } from '../model-network.ts';
import { createSeededRandom } from '../seeded-random.ts';
import { VirtualTime } from '../virtual-time.ts';
import { deleteDisk, readDisk } from './disk-reader.ts';
import { Oracle } from './oracle.ts';
import { Pending } from './pending.ts';
import { courses, students } from './school.ts';
import { isUsable, Tablet, type Tab } from './tablet.ts';

/** What waits for a request of this kind on this leg. */
export interface Trouble {
  readonly leg: Hop['leg'];
  readonly kind: Hop['kind'];
  readonly fate: Fate;
}

const minuteMs = 60_000;
const terminal: ReadonlySet<Mark['state']> = new Set(['CONFIRMED', 'REJECTED', 'WITHDRAWN', 'HANDED_OVER']);

/** Long enough for something to happen meanwhile. */
const onItsWay: Fate = { arriveMs: 20, answerMs: 20 };

let worlds = 0;

/**
 * Two tablets with the real store on real IndexedDB, the real core and the real client; one gateway with the real
 * ledger, a model of Canvas, and time that stands still while a disk is at work.
 */
export class RealWorld {
  readonly name = `generated-${crypto.randomUUID()}`;
  readonly random = createSeededRandom((worlds += 1));
  readonly pending = new Pending();
  readonly time = new VirtualTime(this.pending.quiet);
  readonly canvas = new ModelCanvas(() => this.time.now);
  readonly network = new ModelNetwork(this.time);
  readonly attempts = createMemoryAttempts();
  /** Where marks are made, and where a rescue file is taken to. */
  readonly tablets = [new Tablet(this, 'one'), new Tablet(this, 'two')] as const;
  readonly oracle = new Oracle(this);
  isOnline = true;
  /** Each befalls one request, in order. */
  troubles: Trouble[] = [];

  constructor() {
    for (const course of courses) this.canvas.enrol(course, students);
    this.network.plan = (hop) => {
      this.oracle.sent(hop);
      if (!this.isOnline && hop.leg === 'device') return { arriveMs: 'never', failMs: 5 };
      const at = this.troubles.findIndex(({ leg, kind }) => leg === hop.leg && kind === hop.kind);
      return { ...onItsWay, ...(at === -1 ? {} : this.troubles.splice(at, 1)[0]?.fate) };
    };
  }

  /** The tab that somebody works in on a tablet; opened if there is none. */
  async front(tablet: Tablet, user: UserId): Promise<Tab> {
    return tablet.front(user) ?? (await tablet.open(user));
  }

  /** Another person takes the tablet: the one before is signed out, and their marks stay on it, locked. */
  async changeHands(tablet: Tablet, user: UserId): Promise<void> {
    for (const tab of tablet.tabs) {
      if (!isUsable(tab)) tab.life.kill();
      else void tab.engine.stop().then(() => tab.life.kill());
    }
    // As long as the app waits for a good-bye; an attempt under way may end behind the next screen.
    await this.time.run(2_000);
    tablet.session = user;
    const tab = await tablet.open(user);
    tab.engine.kick('signed-in');
    await this.time.run(0);
  }

  /** From now on nothing goes wrong; everybody who has worked here comes back until nothing is left to do. */
  async comeToRest(): Promise<void> {
    this.isOnline = true;
    this.troubles = [];
    for (const tablet of this.tablets) {
      for (const user of tablet.users) {
        await this.changeHands(tablet, user);
        await this.untilDone(tablet, user);
      }
    }
  }

  private async untilDone(tablet: Tablet, user: UserId): Promise<void> {
    for (let minute = 0; minute < 90; minute += 1) {
      const tab = await this.front(tablet, user);
      const { marks, lanes } = await readDisk(tablet.accountOf(user));
      const isOpen = marks.some(({ state }) => !terminal.has(state));
      if (!isOpen && lanes.every(({ auditDue }) => auditDue.length === 0)) return;
      if (marks.some(({ state }) => state === 'HELD')) void tab.engine.sendNow();
      for (const lane of lanes.filter(needsTeacher)) void tab.engine.retryLane(lane.id);
      await this.time.run(minute < 4 ? minuteMs / 2 : minuteMs);
    }
    const { marks, lanes } = await readDisk(tablet.accountOf(user));
    const left = marks.filter(({ state }) => !terminal.has(state));
    throw new Error(`I17 not at rest: ${JSON.stringify({ left, lanes })}`);
  }

  /** Ends it, and takes its databases away. */
  async dispose(): Promise<void> {
    for (const tablet of this.tablets) {
      for (const tab of tablet.tabs) tab.life.kill();
      for (const user of tablet.users) await deleteDisk(tablet.accountOf(user));
    }
  }
}
