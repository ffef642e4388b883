import { expect, test } from 'vitest';
import type { AttemptCandidate, AttemptRepository } from '#server/gateway/attempts/repository.ts';

/**
 * What every attempt repository must do, whatever it is made of.
 * @param open gives two instances over one memory, each of them new for each test
 */
export function attemptRepositorySuite(
  open: () => Promise<readonly [AttemptRepository, AttemptRepository]>,
): void {
  async function setUp() {
    const [one, other] = await open();
    const memory = await one.memory();
    const candidate = (fields: Partial<AttemptCandidate> = {}): AttemptCandidate => ({
      id: 'attempt-1',
      account: '23',
      installation: 'tablet',
      epoch: 5,
      fingerprint: 'print',
      memory,
      atMs: 1_000,
      ...fields,
    });
    const bar = (id = 'attempt-1') => ({ id, account: '23', memory, reason: 'barred' as const, atMs: 2_000 });
    return { one, other, memory, candidate, bar };
  }
  const answer = {
    status: 200,
    headers: [['content-type', 'application/json']] as const,
    body: '{"results":[{"id":"9007199254740993"}]} 👩🏽‍🏫',
  };

  test('lets an id begin once, on whichever instance', async () => {
    const { one, other, candidate } = await setUp();
    expect(await one.begin(candidate())).toEqual({ kind: 'begun' });
    const record = {
      id: 'attempt-1',
      account: '23',
      fingerprint: 'print',
      recordedAtMs: 1_000,
      state: { kind: 'running' },
    };
    expect(await other.begin(candidate({ fingerprint: 'other', atMs: 3_000 }))).toEqual({
      kind: 'known',
      record,
    });
    expect(await one.find('attempt-1')).toEqual(record);
  });

  test('bars an id that is absent, and only then', async () => {
    const { one, other, candidate, bar } = await setUp();
    expect(await one.barIfAbsent(bar())).toEqual({ kind: 'barred' });
    const state = { kind: 'not-sent', reason: 'barred' };
    expect(await other.begin(candidate())).toMatchObject({ kind: 'known', record: { state } });
    expect(await other.barIfAbsent(bar())).toMatchObject({ kind: 'known', record: { state } });
    await one.begin(candidate({ id: 'begun' }));
    expect(await other.barIfAbsent(bar('begun'))).toMatchObject({ record: { state: { kind: 'running' } } });
  });

  test('names the same memory on every instance, and refuses any other', async () => {
    const { one, other, memory, candidate, bar } = await setUp();
    expect(await other.memory()).toBe(memory);
    expect(await one.begin(candidate({ memory: 'lost' }))).toEqual({ kind: 'other-memory' });
    expect(await one.barIfAbsent({ ...bar(), memory: 'lost' })).toEqual({ kind: 'other-memory' });
    expect(await other.find('attempt-1')).toBeUndefined();
  });

  test('keeps the highest epoch of each installation and account', async () => {
    const { one, other, candidate } = await setUp();
    await one.hear({ account: '23', installation: 'tablet', epoch: 8 }, 1);
    await other.hear({ account: '23', installation: 'tablet', epoch: 6 }, 2);
    expect(await other.begin(candidate({ id: 'a', epoch: 7 }))).toEqual({ kind: 'old-epoch' });
    expect(await other.find('a')).toBeUndefined();
    expect(await other.begin(candidate({ id: 'b', epoch: 9 }))).toEqual({ kind: 'begun' });
    expect(await one.begin(candidate({ id: 'c', epoch: 8 }))).toEqual({ kind: 'old-epoch' });
    expect(await one.begin(candidate({ id: 'd', epoch: 1, installation: 'laptop' }))).toEqual({
      kind: 'begun',
    });
    expect(await one.begin(candidate({ id: 'e', epoch: 1, account: '24' }))).toEqual({ kind: 'begun' });
  });

  test('knows an old attempt before it looks at its epoch or memory', async () => {
    const { one, other, candidate } = await setUp();
    await one.begin(candidate());
    await one.hear({ account: '23', installation: 'tablet', epoch: 99 }, 1);
    expect(await other.begin(candidate())).toMatchObject({ kind: 'known' });
    expect(await other.begin(candidate({ memory: 'lost' }))).toMatchObject({ kind: 'known' });
  });

  test('ends a running attempt once, and nothing else', async () => {
    const { one, other, candidate, bar } = await setUp();
    await one.begin(candidate());
    await one.end('attempt-1', { kind: 'answered', answer });
    await other.end('attempt-1', { kind: 'unknown' });
    expect((await other.find('attempt-1'))?.state).toEqual({ kind: 'answered', answer });
    await one.barIfAbsent(bar('barred'));
    await one.end('barred', { kind: 'unknown' });
    expect((await one.find('barred'))?.state).toEqual({ kind: 'not-sent', reason: 'barred' });
    await one.end('absent', { kind: 'unknown' });
    expect(await one.find('absent')).toBeUndefined();
  });

  test('forgets what is old and keeps the rest', async () => {
    const { one, other, candidate } = await setUp();
    await one.begin(candidate({ id: 'old', atMs: 1_000 }));
    await one.begin(candidate({ id: 'young', atMs: 2_000 }));
    expect(await other.forget(2_000)).toBe(1);
    expect(await one.find('old')).toBeUndefined();
    expect(await one.find('young')).toBeDefined();
  });
}
