import { createContext, useContext } from 'react';
import type { Neighbours } from '#canvas/neighbours.ts';
import type { AccountId, UserId } from '#domain/ids.ts';
import type { AccountStore } from '#store/account-store.ts';
import type { SyncEngine } from '#sync/engine.ts';

/** Whose marks these are: one person on one Canvas. */
export interface Account {
  readonly id: AccountId;
  readonly host: string;
  readonly userId: UserId;
  readonly name: string;
}

/** What every screen of one account works with. It changes only when another person signs in. */
export interface AccountContextValue {
  readonly account: Account;
  readonly store: AccountStore;
  readonly engine: SyncEngine;
  /** What screens may read from Canvas; sending belongs to the engine alone. */
  readonly client: Neighbours;
}

export const AccountContext = createContext<AccountContextValue | undefined>(undefined);

/** @throws when a screen is rendered outside an account, which is a mistake in the routes */
export function useAccount(): AccountContextValue {
  const value = useContext(AccountContext);
  if (value === undefined) throw new Error('no account around this screen');
  return value;
}
