import type { InstallationId } from '#domain/ids.ts';
import type { Random } from '#lib/random.ts';
import { StorageError } from './port.ts';
import { asMeta } from './rows.ts';
import { protocolVersion } from './protocol-version.ts';
import { AccountDatabase, schemaVersions, type SchemaVersion } from './schema.ts';
import { toStorageError } from './storage-errors.ts';

/** Dexie counts in tenths. */
const nativeFactor = 10;

export interface OpenDatabaseOptions {
  readonly random: Random;
  readonly versions?: readonly SchemaVersion[];
  /** Another connection wants this database out of its way; it is closed when the callback returns. */
  onVersionChange?(kind: 'upgrade' | 'delete'): void;
  /** An old tab keeps the upgrade waiting. */
  onBlocked?(): void;
}

export interface OpenedDatabase {
  readonly db: AccountDatabase;
  /** True when there was nothing on this device before. */
  readonly isNew: boolean;
  readonly clockOffsetMs: number | undefined;
}

/**
 * Opens the database of an account, creates or upgrades it, and makes sure of its `meta` row.
 * @throws StorageError `version` when the one on the disk is newer than this code, which then has written
 *   nothing; `unavailable` when the browser refuses (private mode, no IndexedDB); `full`
 */
export async function openDatabase(name: string, options: OpenDatabaseOptions): Promise<OpenedDatabase> {
  const versions = options.versions ?? schemaVersions;
  const factory = (globalThis as { indexedDB?: IDBFactory }).indexedDB;
  if (factory === undefined) throw new StorageError('unavailable');
  const newest = Math.max(...versions.map(({ version }) => version));
  const db = new AccountDatabase(name, { indexedDB: onlyVersion(factory, newest * nativeFactor) }, versions);
  db.on('versionchange', (event) => {
    options.onVersionChange?.(event.newVersion === null || event.newVersion === 0 ? 'delete' : 'upgrade');
    db.close();
    return false;
  });
  db.on('blocked', () => {
    options.onBlocked?.();
    return false;
  });
  try {
    await db.open();
    const isNew = await ensureMeta(db, newest, options.random);
    const meta = asMeta(await db.rows('meta').get('meta'));
    return { db, isNew, clockOffsetMs: meta?.clockOffsetMs };
  } catch (error) {
    db.close();
    throw toStorageError(error, 'open');
  }
}

/**
 * Dexie answers a newer database by opening whatever is there, and may then patch tables it misses into it. Old
 * code must write nothing into a newer journal, so it gets to open one version only.
 */
function onlyVersion(factory: IDBFactory, wanted: number): IDBFactory {
  return {
    open: (name, version) => {
      if (version !== wanted) throw new DOMException('another version is on the disk', 'VersionError');
      return factory.open(name, version);
    },
    deleteDatabase: (name) => factory.deleteDatabase(name),
    databases: () => factory.databases(),
    cmp: (a, b) => factory.cmp(a, b),
  };
}

/** @returns true when there was no meta row, which only a new database lacks */
async function ensureMeta(db: AccountDatabase, schemaVersion: number, random: Random): Promise<boolean> {
  const table = db.rows('meta');
  const found = await table.get('meta');
  const meta = asMeta(found);
  if (meta !== undefined && meta.schemaVersion === schemaVersion) return false;
  if (typeof found?.['protocolVersion'] === 'number' && found['protocolVersion'] > protocolVersion) {
    throw new StorageError('version');
  }
  await db.transaction('rw!', ['meta', 'attempts'], async () => {
    if (meta !== undefined) {
      await table.put({ ...meta, key: 'meta', schemaVersion });
      return;
    }
    // A damaged row: a new installation to the gateway, and an epoch above all that this device ever used.
    const epochs = (await db.rows('attempts').toArray()).map((attempt) => Number(attempt['epoch']));
    const epoch = Math.max(0, ...epochs.filter(Number.isSafeInteger).map((used) => used + 1));
    const installation = random.uuid() as InstallationId;
    await table.put({ key: 'meta', installation, epoch, schemaVersion, protocolVersion });
  });
  return found === undefined;
}
