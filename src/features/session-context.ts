import { createContext, useContext } from 'react';
import type { SessionAnswer } from '#canvas/gateway-wire.ts';

/** What is known of the sign-in, as far as anybody has answered. */
export type SessionFacts =
  | { readonly kind: 'asking' }
  | { readonly kind: 'no-answer' }
  | { readonly kind: 'answered'; readonly answer: SessionAnswer };

export interface SessionContextValue {
  readonly facts: SessionFacts;
  /** Unsent marks on this device that belong to other people than the one before the screen. */
  readonly marksOfOthers: number;
  /**
   * Leaves for the school's sign-in, which leads back to `returnTo`. Asks first whether anybody answers, because
   * a page that is left with no network does not come back.
   * @returns false when nobody answered: the page was not left
   */
  signIn: (returnTo: string) => Promise<boolean>;
  /** Closes this account on the device; what is unsent stays in its store. Works without a network. */
  signOut: () => Promise<void>;
}

export const SessionContext = createContext<SessionContextValue | undefined>(undefined);

/** @throws when used outside the app's own providers */
export function useSession(): SessionContextValue {
  const value = useContext(SessionContext);
  if (value === undefined) throw new Error('no session around this screen');
  return value;
}
