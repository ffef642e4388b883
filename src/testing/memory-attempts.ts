import type { AttemptRecord } from '#server/gateway/attempts/record.ts';
import type { AttemptRepository, Sender } from '#server/gateway/attempts/repository.ts';

/** An attempt repository in plain maps, with what a test or the simulator needs besides. */
export interface MemoryAttempts extends AttemptRepository {
  /** Every record, by id. */
  readonly records: ReadonlyMap<string, AttemptRecord>;
  /** Loses everything and becomes another memory, as a new database would. */
  lose(): void;
}

/** @param memory the first memory's name; later ones are numbered */
export function createMemoryAttempts(memory = 'memory'): MemoryAttempts {
  let losses = 0;
  const records = new Map<string, AttemptRecord>();
  const epochs = new Map<string, number>();
  const name = (): string => (losses === 0 ? memory : `${memory}-${String(losses)}`);
  const raise = (sender: Sender): number => {
    const key = `${sender.account}|${sender.installation}`;
    const highest = Math.max(epochs.get(key) ?? 0, sender.epoch);
    epochs.set(key, highest);
    return highest;
  };

  // Every body runs without a pause, so each call is one atomic step on a single thread.
  return {
    records,
    lose() {
      losses += 1;
      records.clear();
      epochs.clear();
    },
    memory: () => Promise.resolve(name()),
    begin(candidate) {
      const highest = raise(candidate);
      const record = records.get(candidate.id);
      if (record !== undefined) return Promise.resolve({ kind: 'known', record });
      if (candidate.memory !== name()) return Promise.resolve({ kind: 'other-memory' });
      if (candidate.epoch < highest) return Promise.resolve({ kind: 'old-epoch' });
      const { id, account, fingerprint, atMs } = candidate;
      records.set(id, { id, account, fingerprint, recordedAtMs: atMs, state: { kind: 'running' } });
      return Promise.resolve({ kind: 'begun' });
    },
    barIfAbsent(request) {
      const record = records.get(request.id);
      if (record !== undefined) return Promise.resolve({ kind: 'known', record });
      if (request.memory !== name()) return Promise.resolve({ kind: 'other-memory' });
      const { id, account, reason, atMs } = request;
      records.set(id, {
        id,
        account,
        fingerprint: '',
        recordedAtMs: atMs,
        state: { kind: 'not-sent', reason },
      });
      return Promise.resolve({ kind: 'barred' });
    },
    end(id, ending) {
      const record = records.get(id);
      if (record?.state.kind === 'running') records.set(id, { ...record, state: ending });
      return Promise.resolve();
    },
    find: (id) => Promise.resolve(records.get(id)),
    hear(sender) {
      raise(sender);
      return Promise.resolve();
    },
    forget(beforeMs) {
      const old = [...records.values()].filter((record) => record.recordedAtMs < beforeMs);
      for (const record of old) records.delete(record.id);
      return Promise.resolve(old.length);
    },
  };
}
