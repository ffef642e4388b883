import * as v from 'valibot';
import type { AccountId, UserId } from '#domain/ids.ts';

/*
 * Small facts about this device, outside IndexedDB so that they are there before a database is open and after
 * one is gone. Never marks: localStorage forgets up to its last minutes when a browser is killed.
 */

export interface KnownAccount {
  readonly id: AccountId;
  readonly host: string;
  readonly userId: UserId;
  readonly name: string;
}

export interface DeviceFacts {
  /** Who worked here last, to be opened without asking anybody. */
  readonly lastAccount: () => KnownAccount | undefined;
  readonly rememberAccount: (account: KnownAccount) => void;
  /** The next start shows nobody's class. The account's marks, and their number, stay. */
  readonly forgetLastAccount: () => void;
  readonly knownAccounts: () => readonly AccountId[];
  /** Marks of an account that had not reached Canvas when last counted. */
  readonly unsent: (account: AccountId) => number;
  readonly setUnsent: (account: AccountId, count: number) => void;
  /** Unsent marks of everybody on this device but `account`. */
  readonly unsentOfOthers: (account: AccountId | undefined) => number;
  /** Marks that were counted here and then gone with their database, until somebody has been told. */
  readonly lost: (account: AccountId) => number;
  readonly addLost: (account: AccountId, count: number) => void;
  readonly clearLost: (account: AccountId) => void;
  /** Only for "remove from this device", on purpose. */
  readonly forgetAccount: (account: AccountId) => void;
}

/** The part of localStorage that is used. */
export interface FactStorage {
  readonly getItem: (key: string) => string | null;
  readonly setItem: (key: string, value: string) => void;
  readonly removeItem: (key: string) => void;
}

const lastKey = 'tapmark.last-account';
const knownKey = 'tapmark.accounts';
const unsentKey = (account: AccountId) => `tapmark.unsent:${account}`;
const lostKey = (account: AccountId) => `tapmark.lost:${account}`;

const accountSchema = v.object({
  id: v.pipe(v.string(), v.minLength(1)),
  host: v.string(),
  userId: v.string(),
  name: v.string(),
});
const knownSchema = v.array(v.string());
const countSchema = v.pipe(v.number(), v.integer(), v.minValue(0));

/** @param storage may be missing or throw (private mode, full, forbidden): then nothing is remembered */
export function createDeviceFacts(storage: FactStorage | undefined = browserStorage()): DeviceFacts {
  function read<T>(key: string, schema: v.GenericSchema<unknown, T>): T | undefined {
    try {
      const text = storage?.getItem(key);
      const parsed = v.safeParse(schema, JSON.parse(text ?? 'null'));
      return parsed.success ? parsed.output : undefined;
    } catch {
      return undefined;
    }
  }
  function write(key: string, value: unknown) {
    try {
      storage?.setItem(key, JSON.stringify(value));
    } catch {
      // Not remembered; nothing that was saved depends on it.
    }
  }
  function remove(key: string) {
    try {
      storage?.removeItem(key);
    } catch {
      // As above.
    }
  }
  const known = () => (read(knownKey, knownSchema) ?? []) as AccountId[];
  const count = (key: string) => read(key, countSchema) ?? 0;

  return {
    lastAccount: () => read(lastKey, accountSchema) as KnownAccount | undefined,
    rememberAccount: ({ id, host, userId, name }) => {
      write(lastKey, { id, host, userId, name });
      if (!known().includes(id)) write(knownKey, [...known(), id]);
    },
    forgetLastAccount: () => remove(lastKey),
    knownAccounts: known,
    unsent: (account) => count(unsentKey(account)),
    setUnsent: (account, waiting) => {
      if (waiting !== count(unsentKey(account))) write(unsentKey(account), waiting);
    },
    unsentOfOthers: (account) =>
      known()
        .filter((id) => id !== account)
        .reduce((sum, id) => sum + count(unsentKey(id)), 0),
    lost: (account) => count(lostKey(account)),
    addLost: (account, more) => write(lostKey(account), count(lostKey(account)) + more),
    clearLost: (account) => remove(lostKey(account)),
    forgetAccount: (account) => {
      for (const key of [unsentKey(account), lostKey(account)]) remove(key);
      write(
        knownKey,
        known().filter((id) => id !== account),
      );
      if (read(lastKey, accountSchema)?.id === account) remove(lastKey);
    },
  };
}

/** Reading the property alone throws where site data is blocked. */
function browserStorage(): FactStorage | undefined {
  try {
    return (globalThis as { localStorage?: FactStorage }).localStorage;
  } catch {
    return undefined;
  }
}
