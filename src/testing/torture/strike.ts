import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../faults.ts';
import { pass } from '../faults.ts';
import type { ProxiedRequest } from '../faulty-proxy.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { Classroom } from './classroom.ts';
import { pickFault, type RoundPlan } from './plan-round.ts';

/** What befalls a round: its one strike, at its moment, and the faults of its network. */
export class Strike {
  /** What happened, for the line of the round. */
  readonly words: string[] = [];
  private readonly room: Classroom;
  private readonly plan: RoundPlan;
  private readonly random: SeededRandom;
  private taps = 0;
  private requests = 0;
  private striking: Promise<void> | undefined;

  constructor(room: Classroom, plan: RoundPlan, random: SeededRandom) {
    this.room = room;
    this.plan = plan;
    this.random = random;
  }

  get hasStruck(): boolean {
    return this.striking !== undefined;
  }

  /** To be told of each tap. */
  tapped(): void {
    this.taps += 1;
    const { moment } = this.plan;
    if (moment.kind === 'tap' && moment.n === this.taps) void this.strike(moment.delayMs, `tap ${moment.n}`);
  }

  /** The fate of each request while marks are made. Pages, their parts and the way to the sign-in are left alone. */
  readonly decide = ({ method, path }: ProxiedRequest): Fault => {
    if (!/^\/(api\/v1|tapmark\/session|tapmark\/attempts)/.test(path)) return pass;
    const isPost = method === 'POST' && /\/results$/.test(path);
    const { moment, faultPercent } = this.plan;
    if (moment.kind === 'request' && !this.hasStruck && (isPost || !moment.posts)) {
      this.requests += 1;
      if (this.requests === moment.n) return this.fateOfTheChosen(isPost ? 'POST' : 'request');
    }
    if (this.random.below(100) >= faultPercent) return pass;
    const fault = pickFault(this.random);
    this.words.push(fault.kind === 'cut' ? `cut ${fault.at}` : fault.kind);
    return fault;
  };

  /** Strikes if it has not yet. @returns once it is over */
  strike(delayMs = 0, when = 'the end'): Promise<void> {
    this.striking ??= this.carryOut(delayMs, when);
    return this.striking;
  }

  private fateOfTheChosen(what: string): Fault {
    const { moment } = this.plan;
    if (moment.kind !== 'request') return pass;
    const { at, delayMs, holds, n } = moment;
    const meet = async () => {
      const over = this.strike(delayMs, `${what} ${n} ${at}`);
      if (holds) await over;
    };
    return at === 'arrived' ? { kind: 'wait', before: meet } : { kind: 'wait', after: meet };
  }

  private async carryOut(delayMs: number, when: string): Promise<void> {
    const { victim } = this.plan;
    if (delayMs > 0) await sleep(delayMs);
    this.words.unshift(`${victim} at ${when}${delayMs > 0 ? ` +${delayMs} ms` : ''}`);
    const { server } = this.room;
    switch (victim) {
      case 'browser':
        return this.killBrowser();
      case 'server':
        return server.kill();
      case 'both':
        await Promise.all([this.killBrowser(), server.kill()]);
        return;
      case 'network':
        server.network.setOnline(false);
        await this.room.page()?.context().setOffline(true);
        return;
      case 'nobody':
        return;
    }
  }

  private async killBrowser(): Promise<void> {
    if (await this.room.killBrowser(this.plan)) this.words.push('torn record');
  }
}
