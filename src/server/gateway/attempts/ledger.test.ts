import { beforeEach, describe, expect, test, vi } from 'vitest';
import { attemptTimeoutMs, gatewayTimeoutMs } from '#canvas/gateway-wire.ts';
import { createManualClock, type ManualClock } from '#testing/manual-clock.ts';
import { createMemoryAttempts, type MemoryAttempts } from '#testing/memory-attempts.ts';
import { createLedger, rememberMs, type AttemptRequest, type ForwardEnd, type Ledger } from './ledger.ts';
import type { RememberedAnswer } from './record.ts';

const answer: RememberedAnswer = {
  status: 200,
  headers: [
    ['content-type', 'application/json'],
    ['date', 'Mon, 23 Nov 2026 08:00:00 GMT'],
  ],
  body: '{"results":[]}',
};
const accepted: ForwardEnd = { kind: 'answer', answer };
const day = 24 * 3_600_000;

let clock: ManualClock;
let repository: MemoryAttempts;
let ledger: Ledger;
const report = vi.fn();

const newLedger = () =>
  createLedger({ repository, clock, seal: (text) => `sealed-${text.length}-${hash(text)}`, report });

beforeEach(() => {
  clock = createManualClock();
  repository = createMemoryAttempts();
  ledger = newLedger();
  report.mockReset();
});

function hash(text: string): string {
  let sum = 7;
  for (const character of text) sum = (sum * 31 + character.charCodeAt(0)) % 1_000_003;
  return String(sum);
}

async function attempt(fields: Partial<AttemptRequest> = {}): Promise<AttemptRequest> {
  return {
    id: 'attempt-1',
    account: '23',
    installation: 'tablet',
    epoch: 5,
    fingerprint: 'body-1',
    stamp: await ledger.stamp(),
    ...fields,
  };
}

/** Stands for Canvas: counts what reaches it. */
function canvas(...ends: (ForwardEnd | Promise<ForwardEnd>)[]) {
  return vi.fn((_signal: AbortSignal): Promise<ForwardEnd> => Promise.resolve(ends.shift() ?? accepted));
}

function later<T>() {
  let settle: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => (settle = resolve));
  return { promise, settle };
}

describe('forwarding', () => {
  test('forwards an attempt and hands its answer on as it is', async () => {
    const forward = canvas(accepted);
    expect(await ledger.send(await attempt(), forward)).toEqual({ kind: 'answer', answer });
    expect(forward).toHaveBeenCalledTimes(1);
  });

  test('gives a repeat the first answer, also on another instance, days later, and after more of its kind', async () => {
    const forward = canvas(accepted);
    const sent = await attempt();
    await ledger.send(sent, forward);
    await clock.advance(6 * day);
    for (const instance of [ledger, newLedger()]) {
      const again = await instance.send(sent, forward);
      expect(again).toMatchObject({ kind: 'answer', answer: { status: 200, body: answer.body } });
    }
    expect(forward).toHaveBeenCalledTimes(1);
  });

  test('does not repeat what an answer said of its own moment', async () => {
    const sent = await attempt();
    await ledger.send(sent, canvas(accepted));
    const again = await ledger.send(sent, canvas());
    expect(again).toMatchObject({ answer: { headers: [['content-type', 'application/json']] } });
  });

  test('lets a repeat wait while the first runs', async () => {
    const first = later<ForwardEnd>();
    const forward = canvas(first.promise);
    const sent = await attempt();
    const running = ledger.send(sent, forward);
    const repeat = newLedger().send(sent, forward);
    await clock.advance(20_000);
    first.settle(accepted);
    expect(await running).toEqual({ kind: 'answer', answer });
    await clock.advance(1_000);
    expect(await repeat).toMatchObject({ kind: 'answer', answer: { status: 200 } });
    expect(forward).toHaveBeenCalledTimes(1);
  });

  test('remembers a refusal by Canvas like any other answer', async () => {
    const refusal: ForwardEnd = {
      kind: 'answer',
      answer: { status: 400, headers: [], body: '{"status":"bad_request"}' },
    };
    const sent = await attempt();
    const forward = canvas(refusal);
    expect(await ledger.send(sent, forward)).toEqual(refusal);
    expect(await ledger.send(sent, forward)).toEqual(refusal);
    expect(forward).toHaveBeenCalledTimes(1);
  });

  test('refuses another body and another account under the same id, and leaves in doubt what was sent', async () => {
    const forward = canvas(accepted);
    await ledger.send(await attempt(), forward);
    const refusal = { kind: 'refused', outcome: 'unknown', reason: 'mismatch' };
    expect(await ledger.send(await attempt({ fingerprint: 'body-2' }), forward)).toEqual(refusal);
    expect(await ledger.send(await attempt({ account: '24' }), forward)).toEqual(refusal);
    expect(forward).toHaveBeenCalledTimes(1);
  });

  test('says not-sent when no connection came about, and never forwards that id after all', async () => {
    const forward = canvas({ kind: 'no-connection' });
    const sent = await attempt();
    const refusal = { kind: 'refused', outcome: 'not-sent', reason: 'no-connection' };
    expect(await ledger.send(sent, forward)).toEqual(refusal);
    expect(await ledger.send(sent, forward)).toEqual(refusal);
    expect(await ledger.inquire(sent)).toEqual({ knows: 'never-forwarded' });
    expect(forward).toHaveBeenCalledTimes(1);
  });

  test('says unknown when Canvas gives no answer in time, and gives the attempt up', async () => {
    let given: AbortSignal | undefined;
    const never = vi.fn((signal: AbortSignal) => {
      given = signal;
      return new Promise<ForwardEnd>(() => undefined);
    });
    const sent = await attempt();
    const running = ledger.send(sent, never);
    await clock.advance(gatewayTimeoutMs);
    const late = { kind: 'refused', outcome: 'unknown', reason: 'no-answer', why: 'late' };
    expect(await running).toEqual(late);
    expect(given?.aborted).toBe(true);
    expect(gatewayTimeoutMs).toBeLessThan(attemptTimeoutMs);
    expect(await ledger.send(sent, never)).toMatchObject({ outcome: 'unknown' });
    expect(await ledger.inquire(sent)).toEqual({ knows: 'unknown' });
    expect(never).toHaveBeenCalledTimes(1);
  });

  test('takes a failure while forwarding for unknown', async () => {
    const broken = vi.fn(() => Promise.reject(new Error('connection reset')));
    expect(await ledger.send(await attempt(), broken)).toMatchObject({ outcome: 'unknown' });
  });

  test('tells the first sender the truth even when the answer cannot be kept; a repeat learns nothing', async () => {
    vi.spyOn(repository, 'end').mockRejectedValue(new Error('disk full'));
    const sent = await attempt();
    const forward = canvas(accepted);
    expect(await ledger.send(sent, forward)).toEqual({ kind: 'answer', answer });
    expect(report).toHaveBeenCalledTimes(1);
    const repeat = ledger.send(sent, forward);
    await clock.advance(attemptTimeoutMs);
    expect(await repeat).toMatchObject({ outcome: 'unknown' });
    expect(forward).toHaveBeenCalledTimes(1);
  });

  test('forwards nothing when the record cannot be made', async () => {
    vi.spyOn(repository, 'begin').mockRejectedValue(new Error('disk full'));
    const forward = canvas();
    await expect(ledger.send(await attempt(), forward)).rejects.toThrow('disk full');
    expect(forward).not.toHaveBeenCalled();
  });
});

describe('after a crash between record and answer', () => {
  beforeEach(async () => {
    const sent = await attempt();
    void ledger.send(sent, () => new Promise(() => undefined));
    await clock.advance(0);
    ledger = newLedger();
  });

  test('an inquiry says running as long as it may be, then unknown', async () => {
    const question = await attempt();
    expect(await ledger.inquire(question)).toEqual({ knows: 'running' });
    // The crashed instance never wrote an ending; `end` of the one in this test is not what is looked at.
    vi.spyOn(repository, 'end').mockResolvedValue();
    await clock.advance(gatewayTimeoutMs + 5_000);
    expect(await ledger.inquire(question)).toEqual({ knows: 'unknown' });
  });

  test('a repeat waits that long too, gets unknown, and is not forwarded', async () => {
    vi.spyOn(repository, 'end').mockResolvedValue();
    const forward = canvas(accepted);
    const repeat = ledger.send(await attempt(), forward);
    await clock.advance(gatewayTimeoutMs + 6_000);
    expect(await repeat).toEqual({ kind: 'refused', outcome: 'unknown', reason: 'no-answer' });
    expect(forward).not.toHaveBeenCalled();
  });
});

test('a repeat long after a crash need not wait', async () => {
  const sent = await attempt();
  vi.spyOn(repository, 'end').mockResolvedValue();
  await ledger.send(sent, canvas(accepted));
  await clock.advance(3_600_000);
  expect(await ledger.send(sent, canvas())).toMatchObject({ outcome: 'unknown' });
});

describe('deadline', () => {
  test('forwards within the attempt timeout after the stamp, and refuses after it', async () => {
    const [early, late] = [await attempt({ id: 'early' }), await attempt({ id: 'late' })];
    await clock.advance(attemptTimeoutMs);
    expect(await ledger.send(early, canvas(accepted))).toMatchObject({ kind: 'answer' });
    await clock.advance(1);
    const forward = canvas();
    const refusal = { kind: 'refused', outcome: 'not-sent', reason: 'deadline' };
    expect(await ledger.send(late, forward)).toEqual(refusal);
    expect(forward).not.toHaveBeenCalled();
    expect(await ledger.inquire(late)).toEqual({ knows: 'never-forwarded' });
  });

  test('refuses an attempt whose record took so long that it is too late to forward', async () => {
    const forward = canvas();
    const slow = repository.begin.bind(repository);
    vi.spyOn(repository, 'begin').mockImplementation(async (candidate) => {
      const begun = await slow(candidate);
      await clock.sleep(attemptTimeoutMs + 1);
      return begun;
    });
    const sent = await attempt();
    const running = ledger.send(sent, forward);
    await clock.advance(attemptTimeoutMs + 1);
    expect(await running).toMatchObject({ outcome: 'not-sent', reason: 'deadline' });
    expect(forward).not.toHaveBeenCalled();
    expect(await ledger.inquire(sent)).toEqual({ knows: 'never-forwarded' });
  });

  test('refuses a stamp from the future: the clock was set back, and nobody knows how late it is', async () => {
    const sent = await attempt();
    clock.setWall(clock.wallMs() - 3_600_000);
    expect(await ledger.send(sent, canvas())).toMatchObject({ outcome: 'not-sent', reason: 'deadline' });
  });

  test('gives a late repeat the first answer: not-sent would be a lie', async () => {
    const sent = await attempt();
    const forward = canvas(accepted);
    await ledger.send(sent, forward);
    await clock.advance(attemptTimeoutMs * 3);
    expect(await ledger.send(sent, forward)).toMatchObject({ kind: 'answer', answer: { status: 200 } });
    expect(forward).toHaveBeenCalledTimes(1);
  });
});

describe('epochs', () => {
  test('refuses an attempt below the highest epoch heard, from attempts and reads alike', async () => {
    const forward = canvas(accepted);
    await ledger.send(await attempt({ id: 'a', epoch: 5 }), forward);
    const refusal = { kind: 'refused', outcome: 'not-sent', reason: 'epoch' };
    expect(await ledger.send(await attempt({ id: 'b', epoch: 4 }), forward)).toEqual(refusal);
    await ledger.hear({ account: '23', installation: 'tablet', epoch: 7 });
    expect(await ledger.send(await attempt({ id: 'c', epoch: 6 }), forward)).toEqual(refusal);
    expect(await ledger.send(await attempt({ id: 'd', epoch: 7 }), forward)).toMatchObject({
      kind: 'answer',
    });
    expect(forward).toHaveBeenCalledTimes(2);
  });

  test('keeps installations and accounts apart', async () => {
    await ledger.hear({ account: '23', installation: 'tablet', epoch: 9 });
    const forward = canvas(accepted, accepted);
    const other = await attempt({ id: 'a', installation: 'laptop', epoch: 1 });
    const colleague = await attempt({ id: 'b', account: '24', epoch: 1 });
    expect(await ledger.send(other, forward)).toMatchObject({ kind: 'answer' });
    expect(await ledger.send(colleague, forward)).toMatchObject({ kind: 'answer' });
  });
});

describe('stamps', () => {
  test.each([
    ['no stamp', () => undefined],
    ['a forged stamp', (stamp: string) => stamp.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'))],
    ['a stamp with a later time', (stamp: string) => stamp.replace(/\.(\w+)\./, '.zzzzzzzz.')],
    ['no stamp at all but text', () => 'x'.repeat(10_000)],
  ])('refuses %s and vouches for nothing', async (_name, forge) => {
    const sent = await attempt({ stamp: forge(await ledger.stamp()) });
    const forward = canvas();
    const refusal = { kind: 'refused', outcome: 'not-sent', reason: 'stamp' };
    expect(await ledger.send(sent, forward)).toEqual(refusal);
    expect(await ledger.inquire(sent)).toEqual({ knows: 'unknown' });
    expect(forward).not.toHaveBeenCalled();
  });

  test('after a loss of memory refuses every stamp from before it, vouches for nothing, and goes on with new ones', async () => {
    const [before, asked] = [await attempt({ id: 'before' }), await attempt({ id: 'asked' })];
    repository.lose();
    const forward = canvas(accepted);
    const refusal = { kind: 'refused', outcome: 'not-sent', reason: 'stamp' };
    expect(await ledger.send(before, forward)).toEqual(refusal);
    expect(await ledger.inquire(asked)).toEqual({ knows: 'unknown' });
    expect(repository.records.size).toBe(0);
    expect(await ledger.send(await attempt({ id: 'after' }), forward)).toMatchObject({ kind: 'answer' });
  });
});

describe('inquiries', () => {
  test('bar an id that was never seen, and vouch for it; the attempt that comes late is refused', async () => {
    const sent = await attempt();
    expect(await ledger.inquire(sent)).toEqual({ knows: 'never-forwarded' });
    const forward = canvas();
    const refusal = { kind: 'refused', outcome: 'not-sent', reason: 'barred' };
    expect(await newLedger().send(sent, forward)).toEqual(refusal);
    expect(await ledger.inquire(sent)).toEqual({ knows: 'never-forwarded' });
    expect(forward).not.toHaveBeenCalled();
  });

  test('tell the status of an answered attempt, to its own account only', async () => {
    const sent = await attempt();
    await ledger.send(sent, canvas(accepted));
    expect(await ledger.inquire(sent)).toEqual({ knows: 'answered', status: 200 });
    expect(await ledger.inquire({ ...sent, account: '24' })).toEqual({ knows: 'unknown' });
  });

  test('vouch for nothing older than the memory of answers', async () => {
    const sent = await attempt();
    await clock.advance(rememberMs + 1);
    expect(await ledger.inquire(sent)).toEqual({ knows: 'unknown' });
  });
});

describe('refusals for an outside reason', () => {
  test('bar the id, so that a copy that comes later cannot make not-sent a lie', async () => {
    const sent = await attempt();
    const refusal = { kind: 'refused', outcome: 'not-sent', reason: 'sign-in' };
    expect(await ledger.refuse({ ...sent, account: '' }, 'sign-in')).toEqual(refusal);
    const forward = canvas();
    expect(await ledger.send(sent, forward)).toEqual(refusal);
    expect(forward).not.toHaveBeenCalled();
  });

  test('leave in doubt what was forwarded before', async () => {
    const sent = await attempt();
    await ledger.send(sent, canvas(accepted));
    expect(await ledger.refuse({ ...sent, account: '' }, 'sign-in')).toMatchObject({ outcome: 'unknown' });
    expect(await ledger.refuse({ ...sent, stamp: undefined }, 'csrf')).toMatchObject({ outcome: 'unknown' });
  });
});

test('forgets what is older than anybody may ask for, and nothing younger', async () => {
  await ledger.send(await attempt({ id: 'old' }), canvas(accepted));
  await clock.advance(2 * day);
  await ledger.send(await attempt({ id: 'young' }), canvas(accepted));
  await clock.advance(6 * day + 1);
  expect(await ledger.forget()).toBe(1);
  expect([...repository.records.keys()]).toEqual(['young']);
});
