import { describe, expect, it } from 'vitest';
import type { SessionAnswer } from '#canvas/gateway-wire.ts';
import type { AccountId, UserId } from '#domain/ids.ts';
import type { Account } from '#features/account-context.ts';
import type { DeviceState } from '#store/device-record.ts';
import { StorageError } from '#store/port.ts';
import { createAccountKeeper } from './account-keeper.ts';
import type { Happenings } from './account-keeper.ts';

const amina = account('1', 'Amina Farah');
const bo = account('2', 'Bo Lindqvist');

describe('account keeper', () => {
  it('opens the last account at once, although nobody answers', async () => {
    const device = createDevice({ last: amina, session: 'silent' });
    await device.keeper.start();
    expect(device.log).toEqual(['open 1']);
    expect(device.keeper.place.get()).toMatchObject({ kind: 'open', account: amina });
    expect(device.keeper.session.get()).toEqual({ kind: 'no-answer' });
  });

  it('shows nobody on a new device until somebody is signed in', async () => {
    const device = createDevice({ session: 'out' });
    await device.keeper.start();
    expect(device.keeper.place.get()).toEqual({ kind: 'nobody' });
    device.session = bo;
    await device.keeper.checkSession();
    expect(device.keeper.place.get()).toMatchObject({ kind: 'open', account: bo });
    expect(device.state).toEqual({ kind: 'account', account: bo });
  });

  it('keeps the account open when its session has ended', async () => {
    const device = createDevice({ last: amina, session: 'out' });
    await device.keeper.start();
    expect(device.keeper.place.get()).toMatchObject({ kind: 'open', account: amina });
  });

  it('closes the first teacher before it opens the second', async () => {
    const device = createDevice({ last: amina, session: bo });
    await device.keeper.start();
    expect(device.log).toEqual(['open 1', 'close 1', 'open 2']);
    expect(device.keeper.place.get()).toMatchObject({ kind: 'open', account: bo });
  });

  it('opens nobody after a sign-in before it knows who it was', async () => {
    const device = createDevice({ last: amina, session: bo, cameBack: true });
    await device.keeper.start();
    expect(device.log).toEqual(['open 2']);
  });

  it('opens the last account after a sign-in that was given up with no network', async () => {
    const device = createDevice({ last: amina, session: 'silent', cameBack: true });
    await device.keeper.start();
    expect(device.keeper.place.get()).toMatchObject({ kind: 'open', account: amina });
  });

  it('stays signed out on this device although the server could not be told', async () => {
    const device = createDevice({ last: amina, session: amina });
    await device.keeper.start();
    await device.keeper.leave();
    expect(device.keeper.place.get()).toEqual({ kind: 'nobody' });
    await device.keeper.checkSession();
    expect(device.keeper.place.get()).toEqual({ kind: 'nobody' });
    expect(device.log).toEqual(['open 1', 'close 1', 'end session', 'end session']);
  });

  it('stays signed out after a restart, and opens whoever signs in then', async () => {
    const first = createDevice({ last: amina, session: 'silent' });
    await first.keeper.start();
    await first.keeper.leave();
    const next = createDevice({ session: amina });
    next.state = first.state;
    await next.keeper.start();
    expect(next.keeper.place.get()).toEqual({ kind: 'nobody' });
    await next.keeper.prepareSignIn();
    next.session = bo;
    await next.keeper.checkSession();
    expect(next.keeper.place.get()).toMatchObject({ kind: 'open', account: bo });
    expect(next.state).toEqual({ kind: 'account', account: bo });
  });

  it('has written down whose class it is before anything can be marked in it', async () => {
    const device = createDevice({ session: amina });
    const seen: unknown[] = [];
    device.keeper.place.subscribe(() => {
      if (device.keeper.place.get().kind === 'open') seen.push(device.state);
    });
    await device.keeper.start();
    expect(seen).toEqual([{ kind: 'account', account: amina }]);
  });

  it('says what is the matter when the store cannot be opened, and does not try another person', async () => {
    const device = createDevice({ last: amina, session: bo, refuse: new StorageError('version') });
    await device.keeper.start();
    expect(device.keeper.place.get()).toEqual({ kind: 'no-storage', why: 'version' });
  });

  it('closes the account when a newer version takes its store, and asks for a reload', async () => {
    const device = createDevice({ last: amina, session: 'silent' });
    await device.keeper.start();
    device.happenings?.taken('version');
    await device.keeper.checkSession();
    expect(device.log).toEqual(['open 1', 'close 1']);
    expect(device.keeper.place.get()).toEqual({ kind: 'no-storage', why: 'version' });
  });

  it('says that another tab is in the way while it opens', async () => {
    const device = createDevice({ last: amina, session: 'silent', blocked: true });
    const seen: string[] = [];
    device.keeper.place.subscribe(() => seen.push(device.keeper.place.get().kind));
    await device.keeper.start();
    expect(seen).toEqual(['starting', 'other-tab', 'open']);
  });

  it('closes what is open when it stops', async () => {
    const device = createDevice({ last: amina, session: 'silent' });
    await device.keeper.start();
    await device.keeper.stop();
    await device.keeper.checkSession();
    expect(device.log).toEqual(['open 1', 'close 1']);
  });
});

function account(id: string, name: string): Account {
  return {
    id: `school.example/${id}` as AccountId,
    host: 'school.example',
    userId: id as UserId,
    name,
  };
}

interface DeviceFacts {
  last?: Account;
  session: Account | 'out' | 'silent';
  cameBack?: boolean;
  refuse?: StorageError;
  blocked?: boolean;
}

function createDevice(facts: DeviceFacts) {
  const log: string[] = [];
  const device: {
    log: string[];
    state: DeviceState;
    session: DeviceFacts['session'];
    happenings?: Happenings;
  } = {
    log,
    state: facts.last === undefined ? { kind: 'new' } : { kind: 'account', account: facts.last },
    session: facts.session,
  };
  const keeper = createAccountKeeper<string>({
    readDevice: () => Promise.resolve(device.state),
    writeDevice: (state) => {
      device.state = state;
      return Promise.resolve();
    },
    endSession: () => {
      log.push('end session');
      return Promise.resolve();
    },
    open: ({ userId }, happenings) => {
      device.happenings = happenings;
      if (facts.blocked === true) happenings.blocked();
      if (facts.refuse !== undefined) return Promise.reject(facts.refuse);
      log.push(`open ${userId}`);
      return Promise.resolve(userId);
    },
    close: (userId) => {
      log.push(`close ${userId}`);
      return Promise.resolve();
    },
    afterFirstScreen: () => Promise.resolve(),
    readSession: () =>
      device.session === 'silent'
        ? Promise.reject(new Error('no answer'))
        : Promise.resolve(sessionOf(device.session)),
    cameBackFromSignIn: () => facts.cameBack === true,
  });
  return Object.assign(device, { keeper });
}

function sessionOf(who: Account | 'out'): SessionAnswer {
  const school = { host: 'school.example', schoolName: 'Sample School', sample: true };
  if (who === 'out') return { signedIn: false, ...school };
  return { signedIn: true, ...school, user: { id: who.userId, name: who.name, locale: null } };
}
