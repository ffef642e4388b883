import type { Invariant } from './oracle.ts';
import type { Setup } from './setup.ts';

/** A change of one text in one source file. */
export interface Patch {
  /** Under `src`. */
  readonly file: string;
  /** Is there exactly once. */
  readonly find: string;
  readonly put: string;
}

/** Code with one of the protocol's rules taken out, and the smallest setup in which that comes to light. */
export interface Mutant {
  readonly name: string;
  readonly patches: readonly Patch[];
  readonly setup: Setup;
}

/** The invariants that §17.2 names: a mutant is found out by what it does, not by the rule that it breaks. */
const judged: readonly Invariant[] = ['I5', 'I6', 'I7', 'I14'];
const plain = { gateway: false, secondTap: 'with the first', undo: false, judged } as const;
const throughGateway = { ...plain, gateway: true } as const;

/** Sync protocol §17.2 names them: each taken out alone MUST make the checker find a counterexample. */
export const mutants: readonly Mutant[] = [
  {
    name: 'the arm record is written only after the answer',
    patches: [
      {
        file: 'sync/attempt.ts',
        find: 'const armed = await deps.store.write((tx) => arm(tx, request, () => timesOf(sender)));',
        put: `const no = async () => undefined;
  const armed = await deps.store.read((tx) =>
    arm(
      {
        ...tx,
        batches: { ...tx.batches, put: no },
        marks: { ...tx.marks, putMany: no },
        attempts: { ...tx.attempts, put: no },
        log: { add: no },
      },
      request,
      () => timesOf(sender),
    ),
  );`,
      },
      {
        file: 'sync/attempt.ts',
        find: 'await finishAttempt(sender, sent, answer);',
        put: `await deps.store.write((tx) => arm(tx, request, () => armed.at));
  await finishAttempt(sender, sent, answer);`,
      },
    ],
    setup: { ...plain, name: 'a crash', kinds: ['crash', 'hold'], faults: 2 },
  },
  {
    name: 'no SETTLE',
    patches: [{ file: 'sync/parameters.ts', find: 'settleMs = 120_000;', put: 'settleMs = 0;' }],
    setup: { ...plain, name: 'a POST held', kinds: ['hold'], faults: 1 },
  },
  {
    name: 'no SEND_GAP check',
    patches: [
      {
        file: 'sync/attempt.ts',
        find: `now.monotonicMs - armedAt.monotonicMs > sendGapMs ||
    Math.abs(now.wallMs - armedAt.wallMs) > sendGapMs`,
        put: 'false',
      },
    ],
    setup: { ...plain, name: 'a freeze', kinds: ['freeze'], faults: 1 },
  },
  {
    name: 'a list is complete whatever its count says',
    patches: [
      {
        file: 'sync/read-completeness.ts',
        find: "if (stated.some((count) => count !== ids.size)) return 'incomplete';",
        put: '',
      },
    ],
    setup: { ...plain, name: 'a short read', kinds: ['hold', 'short-read'], faults: 2 },
  },
  {
    name: '8.7 without (a): marks that an attempt carried may be fresh',
    patches: [{ file: 'sync/fresh.ts', find: '!mark.attempted &&', put: '' }],
    setup: { ...throughGateway, name: 'a refusal', kinds: ['refused'], faults: 1 },
  },
  {
    name: '8.7 without (c): a lane may be fresh that was never read',
    patches: [
      { file: 'sync/fresh.ts', find: 'cover?.epoch !== now.epoch || ', put: '' },
      {
        file: 'sync/fresh.ts',
        find: "mark.origin === 'here' &&\n      (mark.seq > cover.throughSeq || covers(cover.students, mark.student))",
        put: "mark.origin === 'here'",
      },
    ],
    setup: { ...throughGateway, name: 'a device put back', kinds: ['restore'], faults: 1 },
  },
  {
    name: 'the gateway looks for an attempt, and records it in another step',
    patches: [],
    setup: { ...throughGateway, apart: 'begin', name: 'a repeat', kinds: ['repeat'], faults: 1 },
  },
  {
    name: 'the gateway looks for an attempt, and bars it in another step',
    patches: [],
    setup: { ...throughGateway, apart: 'bar', name: 'a POST held', kinds: ['hold'], faults: 1 },
  },
  {
    name: 'the gateway vouches for an attempt without barring it',
    patches: [
      {
        file: 'server/gateway/attempts/ledger.ts',
        find: 'const held = await repository.barIfAbsent(bar);',
        put: `const found = await repository.find(bar.id);
        const held = found === undefined ? { kind: 'barred' } : { kind: 'known', record: found };`,
      },
    ],
    setup: { ...throughGateway, name: 'a POST held', kinds: ['hold'], faults: 1 },
  },
  {
    name: 'a read serves for a second POST',
    patches: [{ file: 'sync/attempt.ts', find: 'delete laneMemory(memory, plan.lane.id).recent;', put: '' }],
    setup: { ...plain, name: 'a refusal', kinds: ['refused'], faults: 1 },
  },
  {
    name: 'an attempt in doubt may be given up at once, as if it had never left',
    patches: [
      {
        file: 'sync/attempt.ts',
        find: 'const verdict: Verdict = judgeError(error);',
        put: "const verdict: Verdict = { outcome: 'not-sent' };",
      },
    ],
    setup: { ...plain, name: 'an answer lost', kinds: ['hold'], faults: 1 },
  },
];
