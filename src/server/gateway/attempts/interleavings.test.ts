import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMemoryAttempts, type MemoryAttempts } from '#testing/memory-attempts.ts';
import { createLedger, type AttemptEnd, type ForwardEnd } from './ledger.ts';
import type { AttemptRepository } from './repository.ts';
import { attemptTimeoutMs, type InquiryAnswer } from '#canvas/gateway-wire.ts';

/*
 * Several instances, several copies of one request, inquiries and refusals, in every order that a scheduler can
 * think of; time passes whenever somebody sleeps. What must hold is small: Canvas sees an attempt at most once, and
 * whoever was told that it never saw it was told the truth, for ever.
 */

type Scheduler = fc.Scheduler;
type Act = 'send' | 'inquire' | 'refuse' | 'hear-newer' | 'let-time-pass';
type Weakening = (repository: MemoryAttempts, pause: () => Promise<void>) => AttemptRepository;

interface Plan {
  readonly acts: readonly (readonly [Act, instance: 0 | 1])[];
  readonly canvas: 'answers' | 'cuts off' | 'cannot be reached' | 'never answers';
}

const plans = fc.record({
  acts: fc.array(
    fc.tuple(
      fc.constantFrom<Act>(
        'send',
        'send',
        'send',
        'inquire',
        'inquire',
        'refuse',
        'hear-newer',
        'let-time-pass',
      ),
      fc.constantFrom<0 | 1>(0, 1),
    ),
    { minLength: 2, maxLength: 6 },
  ),
  canvas: fc.constantFrom<Plan['canvas']>('answers', 'cuts off', 'cannot be reached', 'never answers'),
});

async function play(s: Scheduler, plan: Plan, weaken: Weakening = (repository) => repository) {
  const pause = () => s.schedule(Promise.resolve());
  let now = 1_000_000;
  const clock = {
    wallMs: () => now,
    monotonicMs: () => now,
    async sleep(ms: number, signal?: AbortSignal) {
      const until = now + ms;
      await Promise.race([
        pause(),
        new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true })),
      ]);
      if (signal?.aborted !== true) now = Math.max(now, until);
    },
  };
  const memory = createMemoryAttempts();
  const steps = spread(weaken(memory, pause), pause);
  const seal = (text: string) => `s${text.length}`;
  const ledgers = [0, 1].map(() => createLedger({ repository: steps, clock, seal, report: () => undefined }));
  const stamping = createLedger({ repository: memory, clock, seal, report: () => undefined });

  let seenByCanvas = 0;
  const ends: AttemptEnd[] = [];
  const inquiries: InquiryAnswer[] = [];
  const forward = async (): Promise<ForwardEnd> => {
    if (plan.canvas === 'cannot be reached') return { kind: 'no-connection' };
    seenByCanvas += 1;
    const nth = seenByCanvas;
    await pause();
    if (plan.canvas === 'cuts off') throw new Error('reset');
    if (plan.canvas === 'never answers') return new Promise(() => undefined);
    return { kind: 'answer', answer: { status: 200, headers: [], body: `answer ${nth}` } };
  };

  const stamp = await stamping.stamp();
  const id = 'attempt';
  const acting = plan.acts.map(async ([act, at]) => {
    const ledger = ledgers[at]!;
    await pause();
    switch (act) {
      case 'send': {
        const sender = { account: '23', installation: 'tablet', epoch: 1 };
        ends.push(await ledger.send({ ...sender, id, fingerprint: 'body', stamp }, forward));
        return;
      }
      case 'inquire':
        inquiries.push(await ledger.inquire({ id, account: '23', stamp }));
        return;
      case 'refuse':
        ends.push(await ledger.refuse({ id, account: '', stamp }, 'sign-in'));
        return;
      case 'hear-newer':
        return ledger.hear({ account: '23', installation: 'tablet', epoch: 2 });
      case 'let-time-pass':
        now += attemptTimeoutMs + 1;
    }
  });
  await s.waitFor(Promise.all(acting));
  return { seenByCanvas, ends, inquiries, record: memory.records.get(id) };
}

/** Every step of the repository takes place some time after it was asked for, and is heard of some time later. */
function spread(repository: AttemptRepository, pause: () => Promise<void>): AttemptRepository {
  const slowly =
    <A extends unknown[], R>(step: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await pause();
      const result = await step(...args);
      await pause();
      return result;
    };
  return {
    memory: slowly(() => repository.memory()),
    begin: slowly((candidate) => repository.begin(candidate)),
    barIfAbsent: slowly((request) => repository.barIfAbsent(request)),
    end: slowly((id, ending) => repository.end(id, ending)),
    find: slowly((id) => repository.find(id)),
    hear: slowly((sender, atMs) => repository.hear(sender, atMs)),
    forget: slowly((beforeMs) => repository.forget(beforeMs)),
  };
}

function toldNotSent({ ends, inquiries }: Awaited<ReturnType<typeof play>>): boolean {
  return (
    ends.some((end) => end.kind === 'refused' && end.outcome === 'not-sent') ||
    inquiries.some(({ knows }) => knows === 'never-forwarded')
  );
}

function check(played: Awaited<ReturnType<typeof play>>): void {
  expect(played.seenByCanvas).toBeLessThanOrEqual(1);
  if (toldNotSent(played)) expect(played.seenByCanvas).toBe(0);
  const bodies = played.ends.flatMap((end) => (end.kind === 'answer' ? [end.answer.body] : []));
  expect(new Set(bodies).size).toBeLessThanOrEqual(1);
  if (bodies.length > 0) expect(played.seenByCanvas).toBe(1);
}

function property(weaken?: Weakening) {
  return fc.asyncProperty(fc.scheduler(), plans, async (s, plan) => {
    check(await play(s, plan, weaken));
  });
}

test('whatever the order, Canvas sees an attempt at most once, and not-sent stays true', async () => {
  await fc.assert(property(), { numRuns: 3_000 });
});

test('the plans reach what they are about', async () => {
  const reached = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), plans, async (s, plan) => {
      const played = await play(s, plan);
      for (const end of played.ends)
        reached.add(end.kind === 'answer' ? 'answer' : `${end.outcome} ${end.reason}`);
      for (const { knows } of played.inquiries) reached.add(knows);
    }),
    { numRuns: 2_000, seed: 5 },
  );
  expect([...reached].sort()).toEqual(
    [
      'answer',
      'answered',
      'never-forwarded',
      'not-sent barred',
      'not-sent deadline',
      'not-sent epoch',
      'not-sent no-connection',
      'not-sent sign-in',
      'running',
      'unknown',
      'unknown no-answer',
      'unknown sign-in',
    ].sort(),
  );
});

/*
 * The check is checked: with a step taken apart it must find the harm.
 */

const apart: Readonly<Record<string, Weakening>> = {
  'begin looks first and records later': (memory, pause) => ({
    ...memory,
    async begin(candidate) {
      const record = await memory.find(candidate.id);
      if (record !== undefined) return { kind: 'known', record };
      await pause();
      const free = createMemoryAttempts();
      const begun = await free.begin(candidate);
      (memory.records as Map<string, unknown>).set(candidate.id, free.records.get(candidate.id));
      return begun;
    },
  }),
  'an inquiry looks first and bars later': (memory, pause) => ({
    ...memory,
    async barIfAbsent(request) {
      const record = await memory.find(request.id);
      if (record !== undefined) return { kind: 'known', record };
      await pause();
      await memory.barIfAbsent(request);
      return { kind: 'barred' };
    },
  }),
  'an inquiry bars nothing': (memory) => ({
    ...memory,
    async barIfAbsent(request) {
      const record = await memory.find(request.id);
      return record === undefined ? { kind: 'barred' } : { kind: 'known', record };
    },
  }),
};

test.each(Object.entries(apart))('finds the harm when %s', async (_name, weaken) => {
  const result = await fc.check(property(weaken), { numRuns: 3_000 });
  expect(result.failed).toBe(true);
});
