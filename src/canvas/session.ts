import type { Answered } from './answer.ts';
import { sessionPath, signInPath, signOutPath } from './gateway-wire.ts';
import type { SessionAnswer } from './gateway-wire.ts';
import { sessionSchema, signedOutSchema } from './schemas.ts';
import type { Until } from './neighbours.ts';
import type { Wire } from './wire.ts';

/** A sign-in screen waits for this answer; without one it must soon say so. */
const sessionTimeoutMs = 15_000;

/** The gateway's session as the browser sees it: never a token. */
export interface Session {
  /** Who is signed in, and to which school. Also says, by being answered, that the gateway is in reach. */
  readSession(until?: Until): Promise<Answered<SessionAnswer>>;
  /** Ends the session and revokes its token. Touches no mark. */
  signOut(): Promise<void>;
}

/** @throws the CanvasError family, each method */
export function createSession(wire: Wire): Session {
  return {
    readSession: async (until) =>
      wire.ask(sessionSchema, { path: sessionPath, timeoutMs: sessionTimeoutMs, signal: until }),
    signOut: async () => {
      await wire.ask(signedOutSchema, { path: signOutPath, body: '{}', wanted: [200, 204] });
    },
  };
}

/** Where to send the browser to sign in. @param returnTo a path of our own, to come back to */
export function signInAddress(returnTo: string): string {
  return `${signInPath}?${new URLSearchParams({ return_to: returnTo }).toString()}`;
}
