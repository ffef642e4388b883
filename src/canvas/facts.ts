import { defined } from '#lib/defined.ts';
import type { AnswerFacts, WireResponse } from './answer.ts';
import { outcomeHeader, reasonHeader, speakerHeader, stampHeader } from './gateway-wire.ts';
import type { GatewayReason } from './gateway-wire.ts';

/** A longer wait than a day is a mistake of some proxy, and would keep marks back for nothing. */
const longestRetryAfterMs = 24 * 60 * 60 * 1000;

const gatewayReasons: Readonly<Record<GatewayReason, true>> = {
  'sign-in': true,
  csrf: true,
  deadline: true,
  epoch: true,
  stamp: true,
  mismatch: true,
  barred: true,
  'no-connection': true,
  'no-answer': true,
  'too-large': true,
  'not-allowed': true,
  starting: true,
};

/**
 * Reads what an answer says besides its body. A header that makes no sense counts as absent.
 * @param times `wallMs`: device time now, for a `Retry-After` given as a date by a server that sends no `Date`
 */
export function factsOf(
  { status, headers }: Pick<WireResponse, 'status' | 'headers'>,
  times: { readonly roundTripMs: number; readonly wallMs: number },
): AnswerFacts {
  const speaker = headers.get(speakerHeader);
  const serverDateMs = dateOf(headers.get('date'));
  const facts = {
    status,
    speaker: speaker === 'canvas' || speaker === 'gateway' ? speaker : undefined,
    stamp: headers.get(stampHeader) ?? undefined,
    serverDateMs,
    roundTripMs: times.roundTripMs,
    retryAfterMs: retryAfterOf(headers.get('retry-after'), serverDateMs ?? times.wallMs),
    quotaRemaining: numberOf(headers.get('x-rate-limit-remaining')),
  } as const;
  return defined(speaker === 'gateway' ? { ...facts, ...refusalOf(headers) } : facts);
}

/** What the gateway says of a refusal of its own; without its mark these headers mean nothing. */
function refusalOf(headers: WireResponse['headers']): Pick<AnswerFacts, 'gatewayOutcome' | 'gatewayReason'> {
  const outcome = headers.get(outcomeHeader);
  const reason = headers.get(reasonHeader);
  return defined({
    gatewayOutcome: outcome === 'not-sent' || outcome === 'unknown' ? outcome : undefined,
    gatewayReason:
      reason !== null && Object.hasOwn(gatewayReasons, reason) ? (reason as GatewayReason) : undefined,
  });
}

function dateOf(text: string | null): number | undefined {
  const ms = text === null ? NaN : Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

function numberOf(text: string | null): number | undefined {
  if (text === null || !/^\s*-?\d+(\.\d+)?\s*$/.test(text)) return undefined;
  return Number(text);
}

function retryAfterOf(text: string | null, nowMs: number): number | undefined {
  if (text === null) return undefined;
  const seconds = numberOf(text);
  const until = dateOf(text);
  const ms = seconds !== undefined ? seconds * 1000 : until === undefined ? undefined : until - nowMs;
  return ms === undefined ? undefined : Math.min(Math.max(ms, 0), longestRetryAfterMs);
}
