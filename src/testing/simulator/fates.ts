import {
  forbidden,
  missing,
  portalPage,
  serverError,
  throttled,
  unauthenticated,
  type ModelAnswer,
} from '../model-canvas.ts';
import type { Fate, Hop } from '../model-network.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { Settings } from './settings.ts';

/**
 * How late a POST may take effect while A1 holds. What the legs add up to, with the replica's lag, stays below
 * SETTLE; what reaches the gateway after its deadline may come as late as it likes.
 */
const legMs = 35_000;
const afterDeadlineMs = 80_000;
const wayTooLateMs = 600_000;

const jsonHeaders = { 'content-type': 'application/json' };
const page = (status: number): ModelAnswer => ({ ...portalPage(), status });
const teapot: ModelAnswer = { status: 418, headers: jsonHeaders, body: '{"errors":[{"message":"odd"}]}' };
const conflict: ModelAnswer = { ...serverError(), status: 409 };
const cutOff: ModelAnswer = { status: 200, headers: jsonHeaders, body: '{"results":[{"id":"1","pass' };
const wrongRows: ModelAnswer = { status: 200, headers: jsonHeaders, body: '{"results":[]}' };
const redirect: ModelAnswer = { status: 302, headers: { location: '/login' }, body: '' };
const busy: ModelAnswer = { status: 429, headers: { 'retry-after': '20' }, body: 'slow down' };

/** Draws what becomes of a request while there are faults; undefined: all goes well. */
export function drawFate(settings: Settings, random: SeededRandom, hop: Hop): Fate | undefined {
  if (!random.chance(settings.faults))
    return random.chance(0.2) ? { answerMs: random.below(400) } : undefined;
  return hop.leg === 'device' ? deviceFate(settings, random, hop) : upstreamFate(settings, random, hop);
}

function deviceFate(settings: Settings, random: SeededRandom, hop: Hop): Fate {
  const late = lateMs(settings, random, 'device');
  switch (random.below(9)) {
    case 0:
      return { arriveMs: 'never', failMs: random.below(3_000) };
    case 1:
      return { arriveMs: 'never' };
    case 2:
      return { answer: 'lost', arriveMs: random.below(500), failMs: 500 + random.below(2_000) };
    case 3:
      return { arriveMs: late, failMs: random.below(2_000) };
    case 4:
      return { arriveMs: late, answer: page(random.pick([502, 503, 504])) };
    case 5:
      return { arriveMs: 'never', answer: page(random.pick([200, 403, 404, 502])) };
    case 6:
      return { arriveMs: 'never', answer: redirect };
    case 7:
      return { answerMs: 60_000 + random.below(40_000) };
    default:
      return hop.kind === 'post' && mayRepeat(settings)
        ? {
            copies: 2,
            arriveMs: random.below(2_000),
            ...(random.chance(0.5) ? { answer: 'lost', failMs: 5_000 } : {}),
          }
        : { answer: random.pick([cutOff, wrongRows]) };
  }
}

function upstreamFate(settings: Settings, random: SeededRandom, hop: Hop): Fate {
  const refused = (answer: ModelAnswer): Fate => ({ arriveMs: 'never', answer });
  switch (random.below(12)) {
    case 0:
      return { noConnection: true };
    case 1:
      return { arriveMs: lateMs(settings, random, 'upstream'), failMs: random.below(3_000) };
    case 2:
      return { answer: 'lost' };
    case 3:
      return { answer: random.pick([serverError(), page(503), page(502), conflict, teapot]) };
    case 4:
      return refused(random.pick([serverError(), page(503), conflict, teapot]));
    case 5:
      return refused(random.pick([throttled(), busy]));
    case 6:
      return refused(unauthenticated());
    case 7:
      return refused(forbidden());
    case 8:
      return refused(random.chance(0.3) ? missing() : throttled({ 'x-rate-limit-remaining': '0' }));
    case 9:
      return { answer: random.pick([cutOff, wrongRows]) };
    case 10:
      return hop.kind === 'post' ? { arriveMs: lateMs(settings, random, 'upstream') } : { answerMs: 500 };
    default:
      return { arriveMs: random.below(2_000), answerMs: random.below(2_000) };
  }
}

function lateMs(settings: Settings, random: SeededRandom, leg: Hop['leg']): number {
  if (settings.broken === 'A1' && random.chance(0.5)) return random.below(wayTooLateMs);
  const pastDeadline = leg === 'device' && settings.gateway && random.chance(0.4);
  return pastDeadline ? afterDeadlineMs + random.below(wayTooLateMs) : random.below(legMs);
}

/** Below `fetch` a browser may repeat a request; a gateway puts it before Canvas once all the same. */
function mayRepeat(settings: Settings): boolean {
  return settings.gateway || settings.broken === 'A2';
}
