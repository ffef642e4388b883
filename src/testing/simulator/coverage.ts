import type { SyncWorld } from '../sync-world.ts';
import type { Settings } from './settings.ts';

/** What all schedules together have been through: how often each transition, outcome and gate came about. */
export class Coverage {
  readonly seen = new Map<string, number>();

  add(world: SyncWorld, settings: Settings, { readsBeside }: { readonly readsBeside: number }): void {
    if (readsBeside > 0) this.count('a lane is read beside a POST of another');
    this.count(`assumptions: ${settings.broken === 'none' ? 'hold' : `without ${settings.broken}`}`);
    this.count(settings.gateway ? 'with gateway' : 'without gateway');
    for (const entry of world.disk.log) this.count(entry.what);
    for (const attempt of world.disk.attempts.values()) {
      const vouched = attempt.vouched === true ? ' vouched' : '';
      this.count(`outcome ${attempt.outcome ?? 'none'} ${String(attempt.status ?? 'no answer')}${vouched}`);
    }
    for (const mark of world.disk.marks.values()) {
      this.count(`end ${mark.state}${mark.via === undefined ? '' : ` via ${mark.via}`}`);
      if (mark.duplicateRowIds !== undefined) this.count('end with surplus rows');
    }
    for (const record of world.attempts.records.values()) {
      const { state } = record;
      this.count(`gateway ${state.kind}${state.kind === 'not-sent' ? ` ${state.reason}` : ''}`);
    }
  }

  merge(other: Iterable<readonly [string, number]>): void {
    for (const [what, count] of other) this.seen.set(what, (this.seen.get(what) ?? 0) + count);
  }

  private count(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }
}
