import { lazy, Suspense, useMemo } from 'react';
import { AccountContext } from '#features/account-context.ts';
import type { AccountContextValue } from '#features/account-context.ts';
import { SyncWords } from '#features/outbox/sync-words.tsx';
import { SessionContext } from '#features/session-context.ts';
import type { SessionContextValue } from '#features/session-context.ts';
import { PageStatus } from '#ui/page-status.ts';
import { ToastRegion } from '#ui/toast-region.tsx';
import type { AccountKeeper } from './account-keeper.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { LostMarks } from './lost-marks.tsx';
import { Routes } from './routes.tsx';
import { OtherTabScreen, StorageScreen } from './storage-screen.tsx';
import { UpdateContext } from './update-offer.tsx';
import type { UpdateContextValue } from './update-offer.tsx';
import { useReadable } from './use-readable.ts';

const SignInScreen = lazy(async () => ({
  default: (await import('#features/sign-in/sign-in-screen.tsx')).SignInScreen,
}));

interface AppProps {
  readonly keeper: AccountKeeper<AccountContextValue>;
  readonly signIn: SessionContextValue['signIn'];
  readonly signOut: SessionContextValue['signOut'];
  /** Unsent marks on this device of everybody but this account. */
  readonly countMarksOfOthers: (account: string | undefined) => number;
  readonly updates: UpdateContextValue;
}

/** The whole app: whoever is signed in here, or the way in. */
export function App({ keeper, signIn, signOut, countMarksOfOthers, updates }: AppProps) {
  const place = useReadable(keeper.place);
  const facts = useReadable(keeper.session);
  const account = place.kind === 'open' ? place.account.id : undefined;
  const session = useMemo<SessionContextValue>(
    () => ({ facts, marksOfOthers: countMarksOfOthers(account), signIn, signOut }),
    [facts, account, countMarksOfOthers, signIn, signOut],
  );
  return (
    <SessionContext value={session}>
      <UpdateContext value={updates}>
        <ErrorBoundary resetOn={place.kind}>
          <Suspense fallback={null}>
            {place.kind === 'nobody' && <SignInScreen />}
            {place.kind === 'other-tab' && <OtherTabScreen />}
            {place.kind === 'no-storage' && <StorageScreen why={place.why} />}
            {place.kind === 'open' && <AccountApp key={place.account.id} value={place.opened} />}
          </Suspense>
        </ErrorBoundary>
        <ToastRegion />
      </UpdateContext>
    </SessionContext>
  );
}

/** Everything under one account; drawn anew for another, so that nothing of the first stays in memory's view. */
function AccountApp({ value }: { readonly value: AccountContextValue }) {
  return (
    <AccountContext value={value}>
      <PageStatus value={<SyncWords />}>
        <LostMarks>
          <Routes />
        </LostMarks>
      </PageStatus>
    </AccountContext>
  );
}
