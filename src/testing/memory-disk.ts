import type { AttemptId, BatchId, InstallationId, LaneId, MarkId, ResultId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import type { Attempt, Batch, Lane, LogEntry, Meta } from '#store/records.ts';

/*
 * The durable half of the in-memory store: what would be on the disk. Several stores ("tabs") share one.
 * Rows are immutable, so a snapshot copies references only. A transaction writes in place and keeps a
 * journal of old values to take back; as transactions are serialised and run in microtasks only, nobody
 * who looks between two macrotasks ever sees half of one.
 */

type Key = string | number;
type Row = object | number;

/** What it takes to take back all that was written since the transaction began. */
interface Journal {
  entries: { map: Map<Key, Row>; key: Key; old: Row | undefined }[];
  logLength: number;
  meta: Meta;
  nextSeq: number;
}

export class MemoryDisk {
  readonly marks = new Map<number, Mark>();
  readonly batches = new Map<BatchId, Batch>();
  readonly attempts = new Map<AttemptId, Attempt>();
  readonly lanes = new Map<LaneId, Lane>();
  readonly log: LogEntry[] = [];
  meta: Meta;
  nextSeq = 1;
  /** Transactions that reached the disk since it was made. */
  commits = 0;

  /** Unique indexes: value → seq. */
  readonly idIndex = new Map<MarkId, number>();
  readonly uIndex = new Map<string, number>();
  readonly rowIdIndex = new Map<ResultId, number>();

  private busy = false;
  private readonly queue: (() => void)[] = [];
  private journal: Journal | undefined;

  constructor(meta?: Partial<Meta>) {
    this.meta = {
      installation: 'installation-1' as InstallationId,
      epoch: 0,
      schemaVersion: 1,
      protocolVersion: 1,
      ...meta,
    };
  }

  /** Takes the disk for one transaction. @returns undefined when it is free at once */
  enter(): Promise<void> | undefined {
    if (this.busy) return new Promise((resolve) => this.queue.push(resolve));
    this.busy = true;
    return undefined;
  }

  /** Hands the disk to the transaction that has waited longest. */
  leave(): void {
    const next = this.queue.shift();
    if (next === undefined) this.busy = false;
    else next();
  }

  begin(): void {
    this.journal = { entries: [], logLength: this.log.length, meta: this.meta, nextSeq: this.nextSeq };
  }

  set<K extends Key, V extends Row>(map: Map<K, V>, key: K, value: V): void {
    this.note(map, key);
    map.set(key, value);
  }

  unset<K extends Key, V extends Row>(map: Map<K, V>, key: K): void {
    this.note(map, key);
    map.delete(key);
  }

  putMeta(meta: Meta): void {
    this.writable();
    this.meta = meta;
  }

  addLog(entry: LogEntry): void {
    this.writable();
    this.log.push(entry);
  }

  private note<K extends Key, V extends Row>(map: Map<K, V>, key: K): void {
    this.writable().entries.push({ map: map, key, old: map.get(key) });
  }

  private writable(): Journal {
    if (this.journal === undefined) throw new Error('written outside a write transaction');
    return this.journal;
  }

  commit(): void {
    this.journal = undefined;
    this.commits += 1;
    if (this.log.length > 2_000) this.log.splice(0, this.log.length - 2_000);
  }

  rollback(): void {
    const { journal } = this;
    if (journal === undefined) return;
    for (const { map, key, old } of journal.entries.reverse()) {
      if (old === undefined) map.delete(key);
      else map.set(key, old);
    }
    this.log.length = journal.logLength;
    this.meta = journal.meta;
    this.nextSeq = journal.nextSeq;
    this.journal = undefined;
  }

  /** A copy that shares the rows: a backup of the device. Take it between transactions only. */
  snapshot(): MemoryDisk {
    const copy = new MemoryDisk();
    copy.restore(this);
    return copy;
  }

  /** Puts a backup in place of what is here, as restoring a device does; the backup stays usable. */
  restore(backup: MemoryDisk): void {
    replace(this.marks, backup.marks);
    replace(this.batches, backup.batches);
    replace(this.attempts, backup.attempts);
    replace(this.lanes, backup.lanes);
    replace(this.idIndex, backup.idIndex);
    replace(this.uIndex, backup.uIndex);
    replace(this.rowIdIndex, backup.rowIdIndex);
    this.log.splice(0, this.log.length, ...backup.log);
    this.meta = backup.meta;
    this.nextSeq = backup.nextSeq;
  }
}

function replace<K, V>(target: Map<K, V>, source: ReadonlyMap<K, V>): void {
  target.clear();
  for (const [key, value] of source) target.set(key, value);
}
