import { expect, test } from 'vitest';
import { roundsWords, ticksStyle } from './round-ticks.ts';

test('past rounds are told in words too, each with its number', () => {
  expect(roundsWords('pf-')).toBe('round 1 pass, round 2 not yet, round 3 not seen');
});

test('as ticks only the latest are drawn', () => {
  expect(ticksStyle('pppppppf').backgroundSize.split(', ')).toHaveLength(6);
});
