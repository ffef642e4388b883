import { expect, test } from 'vitest';
import { onEachDatabase } from '#testing/each-database.ts';
import { openSampleSchool } from '#testing/sample-school.ts';
import { createManualClock } from '#testing/manual-clock.ts';
import { canvasThrottle, createThrottle } from './throttle.ts';

test('§4 twelve requests at once fill a fresh bucket, the thirteenth is turned away', () => {
  const throttle = createThrottle(createManualClock(), canvasThrottle);
  const running = Array.from({ length: 13 }, () => throttle.begin('a'));
  expect(running.map((one) => one !== undefined)).toEqual([...Array<boolean>(12).fill(true), false]);
  expect(throttle.begin('b')).toBeDefined();
});

test('§4 what was charged up front comes back, what it cost stays and leaks away', async () => {
  const clock = createManualClock();
  const throttle = createThrottle(clock, canvasThrottle);
  const slow = throttle.begin('a');
  await clock.advance(20_000);
  // 50 leaked away in the meantime; 20 seconds of work less 50 given back leaves nothing below zero.
  expect(slow?.end()).toEqual({ 'x-request-cost': '20', 'x-rate-limit-remaining': '600' });
  const running = Array.from({ length: 12 }, () => throttle.begin('a'));
  expect(throttle.begin('a')).toBeUndefined();
  await clock.advance(100);
  expect(throttle.begin('a')).toBeDefined();
  expect(running[0]?.end()['x-rate-limit-remaining']).toBe('0.9');
});

test('§4 a one-after-the-other client is never throttled', async () => {
  const clock = createManualClock();
  const throttle = createThrottle(clock, canvasThrottle);
  for (let n = 0; n < 1000; n += 1) {
    const running = throttle.begin('a');
    expect(running).toBeDefined();
    await clock.advance(100);
    running?.end();
  }
});

onEachDatabase((newUrl) => {
  test('§4 the school turns a token away with plain text, does nothing, and goes on for others', async () => {
    const { tokenFor, send, close, clock } = await openSampleSchool({
      url: await newUrl(),
      throttle: canvasThrottle,
    });
    const [teacher, ta] = [await tokenFor('teacher'), await tokenFor('ta')];
    const path = '/api/v1/courses/101/live_assessments';
    const init = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const create = (n: number) =>
      send(teacher, path, {
        ...init,
        body: JSON.stringify({ assessments: [{ key: `k${String(n)}`, title: 't' }] }),
      });
    const responses = await Promise.all(Array.from({ length: 20 }, (_, n) => create(n)));
    const turnedAway = responses.filter(({ status }) => status === 403);
    expect(turnedAway).toHaveLength(8);
    for (const response of turnedAway) {
      expect(await response.text()).toBe('403 Forbidden (Rate Limit Exceeded)\n');
      expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
      expect(response.headers.get('x-rate-limit-remaining')).toBe('0.0');
      expect([response.headers.get('x-request-cost'), response.headers.get('retry-after')]).toEqual([
        null,
        null,
      ]);
    }
    const listed = (await (await send(ta, `${path}?per_page=100`)).json()) as { assessments: unknown[] };
    expect(listed.assessments).toHaveLength(12);
    await clock.advance(1000);
    const next = await send(teacher, path);
    expect([next.status, next.headers.get('x-rate-limit-remaining')]).toEqual([200, '600']);
    const refused = await send(teacher, '/api/v1/courses/424242/live_assessments');
    expect([refused.status, refused.headers.get('x-request-cost')]).toEqual([404, '0']);
    await close();
  });
});
