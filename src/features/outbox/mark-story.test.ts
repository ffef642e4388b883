import { describe, expect, it } from 'vitest';
import type { ResultId } from '#domain/ids.ts';
import { secondOf } from '#domain/instant.ts';
import type { Mark } from '#domain/mark.ts';
import { buildMark } from '#testing/build-mark.ts';
import { markStory } from './mark-story.ts';

const at = (hour: number, minute: number) => new Date(2026, 10, 23, hour, minute).getTime();
const now = at(11, 0);

function story(changes: Partial<Mark>): string {
  return markStory({ ...buildMark({ assessedAt: secondOf(at(10, 14)), ...changes }), seq: 1 }, now);
}

describe('the story of a mark', () => {
  it('is told for each state', () => {
    expect(story({ heldUntil: at(10, 16) })).toMatch(/^observed 10:14.*, saved here, goes to Canvas 10:16/);
    expect(story({ heldUntil: null })).toMatch(/saved here until the end of the round$/);
    expect(story({ state: 'QUEUED' })).toMatch(/saved here, waiting$/);
    expect(story({ state: 'QUEUED', attempted: true })).toMatch(/waiting to be sent again$/);
    expect(story({ state: 'INFLIGHT' })).toMatch(/being sent$/);
    expect(story({ state: 'UNKNOWN' })).toMatch(/no answer came: checking with Canvas/);
    expect(story({ state: 'CONFIRMED', settledAt: at(10, 17) })).toMatch(/in Canvas 10:17/);
    expect(story({ state: 'WITHDRAWN', settledAt: at(10, 15) })).toMatch(/undone 10:15.*never sent$/);
    expect(story({ state: 'HANDED_OVER', settledAt: at(10, 15) })).toMatch(/in a rescue file 10:15/);
  });

  it('gives the reason Canvas gave for refusing it', () => {
    const reason = 'Ada is no longer in 7B Maths.';
    expect(story({ state: 'REJECTED', reason })).toMatch(/Canvas did not take it: Ada is no longer in 7B/);
    expect(story({ state: 'REJECTED' })).toMatch(/Canvas did not take it$/);
  });

  it('says what the teacher decided', () => {
    const resolved = (kind: 'retried' | 'reassigned' | 'discarded') =>
      story({ state: 'REJECTED', resolution: { kind, note: 'wrong class', at: at(10, 30) } });
    expect(resolved('retried')).toMatch(/tried again as a new mark 10:30/);
    expect(resolved('reassigned')).toMatch(/given to another student 10:30/);
    expect(resolved('discarded')).toMatch(/discarded 10:30.*: wrong class$/);
  });

  it('tells of a mark that is in Canvas twice', () => {
    expect(story({ state: 'CONFIRMED', duplicateRowIds: ['9' as ResultId] })).toMatch(/there a second time$/);
  });
});
