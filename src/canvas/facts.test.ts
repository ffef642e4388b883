import fc from 'fast-check';
import { expect, test } from 'vitest';
import { factsOf } from './facts.ts';

const times = { roundTripMs: 12, wallMs: Date.parse('2026-11-23T10:00:00Z') };
const facts = (headers: Record<string, string>, status = 200) =>
  factsOf({ status, headers: new Headers(headers) }, times);

test('an answer without headers says its status and how long it took, and nothing else', () => {
  expect(facts({})).toEqual({ status: 200, roundTripMs: 12 });
});

test('reads mark, stamp, date and quota, header names in any case', () => {
  const read = facts({
    'X-Tapmark-Speaker': 'canvas',
    'X-Tapmark-Stamp': 'abc',
    Date: 'Mon, 23 Nov 2026 10:00:05 GMT',
    'X-Rate-Limit-Remaining': '599.5',
  });
  expect(read).toEqual({
    status: 200,
    roundTripMs: 12,
    speaker: 'canvas',
    stamp: 'abc',
    serverDateMs: times.wallMs + 5000,
    quotaRemaining: 599.5,
  });
  expect(facts({ 'x-rate-limit-remaining': '-3.25' }).quotaRemaining).toBe(-3.25);
});

test('Retry-After comes as seconds or as a date, seen from the server’s clock where it tells it', () => {
  expect(facts({ 'retry-after': '30' }).retryAfterMs).toBe(30_000);
  const date = 'Mon, 23 Nov 2026 10:01:00 GMT';
  expect(facts({ 'retry-after': date }).retryAfterMs).toBe(60_000);
  expect(facts({ 'retry-after': date, date: 'Mon, 23 Nov 2026 10:00:50 GMT' }).retryAfterMs).toBe(10_000);
  expect(facts({ 'retry-after': 'Mon, 23 Nov 2020 10:00:00 GMT' }).retryAfterMs).toBe(0);
  expect(facts({ 'retry-after': '999999999' }).retryAfterMs).toBe(24 * 60 * 60 * 1000);
  expect(facts({ 'retry-after': 'soon' })).not.toHaveProperty('retryAfterMs');
});

test('the gateway’s refusal is read from the gateway alone', () => {
  const refusal = { 'x-tapmark-outcome': 'not-sent', 'x-tapmark-reason': 'epoch' };
  expect(facts({ ...refusal, 'x-tapmark-speaker': 'gateway' }, 409)).toMatchObject({
    gatewayOutcome: 'not-sent',
    gatewayReason: 'epoch',
  });
  expect(facts({ ...refusal, 'x-tapmark-speaker': 'canvas' }, 409)).not.toHaveProperty('gatewayOutcome');
  expect(facts(refusal, 409)).toEqual({ status: 409, roundTripMs: 12 });
});

test('words of a later version, or of nobody, count as absent', () => {
  const read = facts({
    'x-tapmark-speaker': 'gateway',
    'x-tapmark-outcome': 'maybe',
    'x-tapmark-reason': 'toString',
    date: 'today',
    'x-rate-limit-remaining': '0x10',
  });
  expect(read).toEqual({ status: 200, roundTripMs: 12, speaker: 'gateway' });
  expect(facts({ 'x-tapmark-speaker': 'Portal' })).not.toHaveProperty('speaker');
});

test('any header text gives facts whose numbers are numbers', () => {
  const text = fc.string({ unit: 'grapheme-ascii' });
  fc.assert(
    fc.property(text, text, text, (date, retry, quota) => {
      const headers = {
        get: (name: string) =>
          ({ date, 'retry-after': retry, 'x-rate-limit-remaining': quota })[name] ?? null,
      };
      for (const value of Object.values(factsOf({ status: 200, headers }, times)))
        expect(value).not.toBeNaN();
    }),
  );
});
