import { useId, useState } from 'react';
import { useAccount } from '#features/account-context.ts';
import { signInScreenPath } from '#features/paths.ts';
import { useSession } from '#features/session-context.ts';
import type { SessionFacts } from '#features/session-context.ts';
import { marksOfOthersWords } from '#features/others-words.ts';
import { useLive } from '#store/use-live.ts';
import { ButtonLink } from '#ui/button-link.tsx';
import { Button } from '#ui/button.tsx';
import { SignOutSheet } from './sign-out-sheet.tsx';

/** Who marks here, and the way out. */
export function AccountSetting() {
  const { account, store } = useAccount();
  const { facts, marksOfOthers, signOut } = useSession();
  const [isAsking, setAsking] = useState(false);
  const heading = useId();
  const open = useLive(() => store.watch.openCounts, [store]);
  // Until the disk has answered, leaving asks: too often is better than once too seldom.
  const isSafe =
    open.status === 'ready' && open.value.waiting + open.value.needsTeacher + open.value.unreadable === 0;

  return (
    <section className="section" aria-labelledby={heading}>
      <h2 id={heading}>Account</h2>
      <p>
        <bdi>
          <b>{account.name}</b>
        </bdi>
        <br />
        <span className="section-note">{schoolWords(facts, account.host)}</span>
      </p>
      <div className="settings-buttons">
        {facts.kind === 'answered' && !facts.answer.signedIn && (
          <ButtonLink href={signInScreenPath} tone="primary">
            Sign in again
          </ButtonLink>
        )}
        <Button
          onClick={() => {
            if (isSafe) void signOut();
            else setAsking(true);
          }}
        >
          Sign out
        </Button>
      </div>
      {marksOfOthers > 0 && <p className="section-note">{marksOfOthersWords(marksOfOthers)}</p>}
      <SignOutSheet
        isOpen={isAsking}
        onClose={() => {
          setAsking(false);
        }}
      />
    </section>
  );
}

function schoolWords(facts: SessionFacts, host: string): string {
  switch (facts.kind) {
    case 'asking':
      return host;
    case 'no-answer':
      return `${host} · not reached just now`;
    case 'answered':
      return facts.answer.signedIn
        ? `${facts.answer.schoolName} · signed in`
        : `${facts.answer.schoolName} · signed out`;
    default:
      return facts satisfies never;
  }
}
