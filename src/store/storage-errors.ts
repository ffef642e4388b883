import { StorageError } from './port.ts';

type Kind = StorageError['kind'];

/** Names that Dexie and IndexedDB give their errors, and what they mean for us. */
const kinds: Readonly<Record<string, Kind>> = {
  QuotaExceededError: 'full',
  VersionError: 'version',
  DatabaseClosedError: 'closed',
  InvalidStateError: 'closed',
  TransactionInactiveError: 'closed',
  AbortError: 'closed',
  UnknownError: 'closed',
  MissingAPIError: 'unavailable',
  OpenFailedError: 'unavailable',
  NoSuchDatabaseError: 'unavailable',
  SecurityError: 'unavailable',
  NotAllowedError: 'unavailable',
};

/**
 * Turns an error of the database into ours. The innermost cause decides: a full disk shows as an aborted
 * transaction around it, a refused database as a failed opening around it.
 * @param during an unknown failure of opening means that there is no database to be had; one of a running
 *   transaction that the connection went away (Safari after sleep says only "UnknownError")
 */
export function toStorageError(error: unknown, during: 'open' | 'work'): StorageError {
  if (error instanceof StorageError) return error;
  let kind: Kind = 'other';
  for (const name of namesOf(error)) {
    const known = kinds[name];
    if (known !== undefined && !(known === 'closed' && kind !== 'other')) kind = known;
  }
  if (during === 'open' && (kind === 'closed' || kind === 'other')) kind = 'unavailable';
  return new StorageError(kind, error);
}

/** True for what the database throws, false for what the work of a transaction threw on its own account. */
export function isDatabaseError(error: unknown): boolean {
  return (
    error instanceof StorageError || namesOf(error).some((name) => name in kinds || dexieNames.has(name))
  );
}

/** True when a unique index refused a row. */
export function isConstraint(error: unknown): boolean {
  return error instanceof Object && 'name' in error && error.name === 'ConstraintError';
}

/** Further names that come from the database alone; they mean nothing in particular. */
const dexieNames = new Set([
  'ConstraintError',
  'DataCloneError',
  'DataError',
  'BulkError',
  'ModifyError',
  'PrematureCommitError',
  'ReadOnlyError',
  'SchemaError',
  'SubTransactionError',
  'TimeoutError',
  'UpgradeError',
]);

/** The names of an error and of what it was made from, outermost first. */
function namesOf(error: unknown): string[] {
  const names: string[] = [];
  let current = error;
  while (current instanceof Object && names.length < 8) {
    if ('name' in current && typeof current.name === 'string') names.push(current.name);
    current =
      'inner' in current && current.inner !== undefined
        ? current.inner
        : 'cause' in current
          ? current.cause
          : undefined;
  }
  return names;
}
