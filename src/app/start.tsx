import type { ReactNode } from 'react';
import type { AccountId } from '#domain/ids.ts';
import type { Account } from '#features/account-context.ts';
import { forgetPictures } from '#features/roster/keep-pictures.ts';
import { systemClock } from '#lib/clock.ts';
import { createDeviceFacts, type DeviceFacts } from '#store/device-facts.ts';
import { createDeviceRecord } from '#store/device-record.ts';
import type { DeviceState } from '#store/device-record.ts';
import { missVanished } from '#store/vanished.ts';
import { accountOf, createAccountKeeper } from './account-keeper.ts';
import type { AccountKeeper } from './account-keeper.ts';
import { afterFirstPaint } from './after-first-paint.ts';
import { App } from './app.tsx';
import { routeToRestore } from './last-route.ts';
import { onPutAwayElsewhere, tellPutAway } from './other-tabs.ts';
import { closeAccount, openAccount } from './open-account.ts';
import type { OpenedAccount } from './open-account.ts';
import { cameBackFromSignIn, noteLeavingForSignIn } from './sign-in-trip.ts';
import { subject } from './subject.ts';
import type { UpdateContextValue } from './update-offer.tsx';
import { watchUpdates } from './updates.ts';
import type { Updates, UpdateState } from './updates.ts';

/** Builds the app around this device's storage and network, and starts it. Waits for neither. */
export function startApp(): ReactNode {
  const device = createDeviceFacts();
  const record = createDeviceRecord();
  const gateway = async () => (await import('./account-network.ts')).createGatewayClient();
  const keeper = createAccountKeeper<OpenedAccount>({
    readDevice: async () => {
      const state = await record.read().catch((): DeviceState => ({ kind: 'new' }));
      return state.kind === 'new' ? withoutRecord(device) : state;
    },
    writeDevice: async (state) => {
      if (state.kind === 'account') device.rememberAccount(state.account);
      else device.forgetLastAccount();
      // Students' pictures go with whoever they were put away for.
      void forgetPictures(state.kind === 'account' ? state.account.id : undefined);
      if (state.kind === 'put-away') history.replaceState(null, '', '/');
      // A disk that does not take this takes no mark either, and the account's own store says so.
      await record.write(state).catch(() => undefined);
    },
    endSession: async () => {
      await gateway()
        .then((client) => client.signOut())
        .catch(() => undefined);
    },
    open: openWithRoute(),
    close: closeAccount,
    afterFirstScreen: afterFirstPaint,
    readSession: async () => (await (await gateway()).readSession()).value,
    cameBackFromSignIn,
  });
  void keeper.start();
  askAgainWhenBack(keeper);
  // One person leaves the device, not one tab.
  onPutAwayElsewhere(() => {
    if (keeper.place.get().kind === 'open') void keeper.leave();
  });
  keeper.session.subscribe(() => {
    const place = keeper.place.get();
    if (place.kind === 'open' && accountOf(keeper.session.get())?.id === place.account.id) {
      place.opened.engine.kick('signed-in');
    }
  });

  return (
    <App
      keeper={keeper}
      signIn={async (returnTo) => {
        const facts = await keeper.checkSession();
        if (facts.kind === 'no-answer') return false;
        await keeper.prepareSignIn();
        noteLeavingForSignIn();
        const { signInAddress } = await import('#canvas/session.ts');
        location.assign(signInAddress(returnTo));
        return true;
      }}
      signOut={() => {
        tellPutAway();
        return keeper.leave();
      }}
      countMarksOfOthers={(account) => device.unsentOfOthers(account as AccountId | undefined)}
      updates={startUpdates()}
    />
  );
}

/**
 * Nobody has been here, or the browser has removed its databases, this record with them. Then whoever worked here
 * last is opened, and told what is gone.
 */
async function withoutRecord(device: DeviceFacts): Promise<DeviceState> {
  const account = device.lastAccount();
  await missVanished(device);
  return account === undefined ? { kind: 'new' } : { kind: 'account', account };
}

/**
 * Puts the address right before an account is drawn: the first of this start goes where it was last time, one
 * that takes another's place goes to its own courses.
 */
function openWithRoute() {
  let isFirst = true;
  const open: Parameters<typeof createAccountKeeper<OpenedAccount>>[0]['open'] = async (
    account: Account,
    happenings,
  ) => {
    const opened = await openAccount(account, happenings);
    if (isFirst && location.pathname === '/') {
      history.replaceState(null, '', await routeToRestore(opened.store, systemClock.wallMs()));
    } else if (!isFirst) {
      history.replaceState(null, '', '/');
    }
    isFirst = false;
    return opened;
  };
  return open;
}

function askAgainWhenBack(keeper: AccountKeeper<OpenedAccount>): void {
  const ask = () => {
    if (document.visibilityState === 'visible') void keeper.checkSession();
  };
  document.addEventListener('visibilitychange', ask);
  addEventListener('online', ask);
}

/** The service worker is registered once the app can be seen, and only where it was built. */
function startUpdates(): UpdateContextValue {
  const state = subject<UpdateState>('current');
  let updates: Updates | undefined;
  if (import.meta.env.PROD && 'serviceWorker' in navigator) {
    afterFirstPaint()
      .then(() => watchUpdates(state))
      .then((watched) => {
        updates = watched;
      })
      // Refused, or no network on the very first visit: the app runs, and the next start tries again.
      .catch(() => undefined);
  }
  return {
    state,
    accept: () => updates?.accept(),
    renew: () => {
      if (updates === undefined) location.reload();
      else void updates.renew();
    },
  };
}
