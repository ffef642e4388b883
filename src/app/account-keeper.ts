import type { SessionAnswer } from '#canvas/gateway-wire.ts';
import type { AccountId, UserId } from '#domain/ids.ts';
import type { Account } from '#features/account-context.ts';
import type { SessionFacts } from '#features/session-context.ts';
import type { DeviceState } from '#store/device-record.ts';
import { StorageError } from '#store/port.ts';
import { subject } from './subject.ts';
import type { Readable } from './subject.ts';

/** What the device shows: at most one account, never two people's marks. */
export type Place<Opened> =
  /** The device's own store is being opened, or somebody has this moment signed in. */
  | { readonly kind: 'starting' }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'open'; readonly account: Account; readonly opened: Opened }
  /** An older tab of the app must be closed before this one can go on. */
  | { readonly kind: 'other-tab' }
  | { readonly kind: 'no-storage'; readonly why: StorageError['kind'] };

/** What may happen to a store that is being opened, or is open. */
export interface Happenings {
  /** An older tab keeps it waiting. */
  readonly blocked: () => void;
  /** Somebody else had to take it: a newer version of the app, or a removal of the site's data. */
  readonly taken: (why: StorageError['kind']) => void;
}

export interface KeeperPorts<Opened> {
  /** Whom this device opens by itself, as it is on the disk. Never rejects. */
  readDevice(): Promise<DeviceState>;
  /** On the disk when it resolves, as far as the disk takes it. Never rejects. */
  writeDevice(state: DeviceState): Promise<void>;
  /** Ends the server's session, if it can be reached. Never rejects. */
  endSession(): Promise<void>;
  /** @throws StorageError */
  open(account: Account, happenings: Happenings): Promise<Opened>;
  close(opened: Opened): Promise<void>;
  /** Resolves when the first screen can be seen. Never rejects. */
  afterFirstScreen(): Promise<void>;
  /** One request. @throws when nobody answered */
  readSession(): Promise<SessionAnswer>;
  /** True once, right after the browser came back from the sign-in. */
  cameBackFromSignIn(): boolean;
}

export interface AccountKeeper<Opened> {
  readonly place: Readable<Place<Opened>>;
  readonly session: Readable<SessionFacts>;
  /** Opens what was open last time, asking nobody, and asks who is signed in beside that. */
  readonly start: () => Promise<void>;
  /** Asks again, after a wake-up or when the network is back. Never rejects. */
  readonly checkSession: () => Promise<SessionFacts>;
  /** Called before the browser leaves for the sign-in: whoever comes back may be opened. */
  readonly prepareSignIn: () => Promise<void>;
  /** Signs out, with or without a network: the store is closed and stays on this device as it is. */
  readonly leave: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/**
 * Keeps open the one account whose marks may be shown. The last person of this device is shown at once, with or
 * without a network; as soon as the school's server says that somebody else is signed in, the first one's store
 * is closed before the other's is opened. Only right after a sign-in does it wait for that answer first,
 * because then the person before the screen may well be another.
 */
export function createAccountKeeper<Opened>(ports: KeeperPorts<Opened>): AccountKeeper<Opened> {
  const place = subject<Place<Opened>>({ kind: 'starting' });
  const session = subject<SessionFacts>({ kind: 'asking' });
  let turn: Promise<void> = Promise.resolve();
  let isPutAway = false;
  let remembered: Account | undefined;
  let stopped = false;

  /** Openings and closings follow one another: two at a time could show one person's class to another. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    turn = turn.then(work);
    return turn;
  }

  async function put(): Promise<void> {
    const now = place.get();
    place.set({ kind: 'starting' });
    if (now.kind === 'open') await ports.close(now.opened);
  }

  async function remember(account: Account): Promise<void> {
    if (remembered?.id === account.id && remembered.name === account.name) return;
    remembered = account;
    await ports.writeDevice({ kind: 'account', account });
  }

  /** Whom the device opens by itself. */
  async function lastAccount(): Promise<Account | undefined> {
    const state = await ports.readDevice();
    isPutAway = state.kind === 'put-away';
    if (state.kind !== 'account') return undefined;
    remembered = state.account;
    return state.account;
  }

  async function show(account: Account | undefined): Promise<void> {
    await put();
    if (stopped) return;
    if (account === undefined) {
      place.set({ kind: 'nobody' });
      return;
    }
    const happenings: Happenings = {
      blocked: () => {
        if (place.get().kind === 'starting') place.set({ kind: 'other-tab' });
      },
      taken: (why) => {
        void inTurn(async () => {
          await put();
          place.set({ kind: 'no-storage', why });
        });
      },
    };
    try {
      const opened = await ports.open(account, happenings);
      // Before the first mark can be made: after a kill the way back to it must be known.
      await remember(account);
      place.set({ kind: 'open', account, opened });
    } catch (error) {
      place.set({ kind: 'no-storage', why: error instanceof StorageError ? error.kind : 'other' });
    }
  }

  async function ask(): Promise<SessionFacts> {
    try {
      return { kind: 'answered', answer: await ports.readSession() };
    } catch {
      return { kind: 'no-answer' };
    }
  }

  async function follow(facts: SessionFacts): Promise<void> {
    session.set(facts);
    const signedIn = accountOf(facts);
    if (signedIn === undefined) return;
    if (isPutAway) {
      await ports.endSession();
      return;
    }
    const now = place.get();
    if (now.kind === 'open' && now.account.id === signedIn.id) {
      await remember(signedIn);
      return;
    }
    if (now.kind !== 'no-storage') await show(signedIn);
  }

  async function checkSession(): Promise<SessionFacts> {
    const facts = await ask();
    await inTurn(() => (stopped ? Promise.resolve() : follow(facts)));
    return facts;
  }

  return {
    place,
    session,
    checkSession,
    async start() {
      if (ports.cameBackFromSignIn()) {
        const facts = await ask();
        const signedIn = accountOf(facts);
        session.set(facts);
        await inTurn(async () => {
          await show(signedIn ?? (await lastAccount()));
        });
        return;
      }
      await inTurn(async () => {
        await show(await lastAccount());
      });
      if (place.get().kind === 'open') await ports.afterFirstScreen();
      await checkSession();
    },
    async prepareSignIn() {
      if (!isPutAway) return;
      isPutAway = false;
      await ports.writeDevice({ kind: 'new' });
    },
    leave() {
      return inTurn(async () => {
        isPutAway = true;
        remembered = undefined;
        await ports.writeDevice({ kind: 'put-away' });
        await show(undefined);
        await ports.endSession();
      });
    },
    async stop() {
      stopped = true;
      await inTurn(put);
    },
  };
}

/** The account a session belongs to; undefined when nobody is signed in or nobody answered. */
export function accountOf(facts: SessionFacts): Account | undefined {
  if (facts.kind !== 'answered' || !facts.answer.signedIn) return undefined;
  const { host, user } = facts.answer;
  return {
    id: `${host}/${user.id}` as AccountId,
    host,
    userId: user.id as UserId,
    name: user.name,
  };
}
