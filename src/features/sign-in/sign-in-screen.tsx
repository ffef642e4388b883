import { useContext, useState } from 'react';
import { AccountContext } from '#features/account-context.ts';
import { marksOfOthersWords } from '#features/others-words.ts';
import { coursesPath } from '#features/paths.ts';
import { useSession } from '#features/session-context.ts';
import type { SessionFacts } from '#features/session-context.ts';
import { ButtonLink } from '#ui/button-link.tsx';
import { Button } from '#ui/button.tsx';
import { CloudIcon, NoNetworkIcon, TickIcon } from '#ui/icons.tsx';
import { problemWords } from './problem-words.ts';
import { SignInPicture } from './sign-in-picture.tsx';
import './sign-in-screen.css';

type Step = 'ready' | 'leaving' | 'no-answer';

/** What this is, and the way in. Inside an account it is the way back in after the sign-in has ended. */
export function SignInScreen({ returnTo = coursesPath }: { readonly returnTo?: string }) {
  const here = useContext(AccountContext);
  const { facts, marksOfOthers, signIn } = useSession();
  const [step, setStep] = useState<Step>('ready');
  const [problem] = useState(() => problemWords(location.search));
  const school = schoolName(facts);
  const unfinished = unfinishedPath(facts);

  async function leave() {
    setStep('leaving');
    if (!(await signIn(unfinished ?? returnTo))) setStep('no-answer');
  }

  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <img src="/icons/icon.svg" alt="" width="72" height="72" />
        <h1>Tapmark</h1>
        <p className="sign-in-what">Pass or fail, one tap a student, while you walk round the room.</p>
        <ul className="sign-in-points">
          <li>
            <TickIcon />
            <span>A mark the screen calls saved is on this device.</span>
          </li>
          <li>
            <NoNetworkIcon />
            <span>It works without a network, from a cold start.</span>
          </li>
          <li>
            <CloudIcon />
            <span>Every mark goes to Canvas by itself, exactly once.</span>
          </li>
        </ul>
        {here !== undefined && (
          <p>
            This device holds the classes of <bdi>{here.account.name}</bdi>. Sign in again to send what waits
            here; marking works without.
          </p>
        )}
        <div className="sign-in-doors">
          <Button tone="primary" disabled={step === 'leaving'} onClick={() => void leave()}>
            {school === undefined ? 'Sign in with Canvas' : <>Sign in to {school}</>}
          </Button>
          {here !== undefined && <ButtonLink href={coursesPath}>Back to the classes</ButtonLink>}
        </div>
        <p className="sign-in-said" role="alert">
          {step === 'no-answer'
            ? 'The school’s server does not answer. Check the network and try again; nothing here is lost.'
            : (problem ??
              (unfinished === undefined
                ? null
                : 'The last sign-in was not finished. Tap once more to go on with it.'))}
        </p>
        {isSample(facts) && (
          <p className="sign-in-note">This is a sample school with invented people, to try things out.</p>
        )}
        {marksOfOthers > 0 && <p className="sign-in-others">{marksOfOthersWords(marksOfOthers)}</p>}
      </div>
      <SignInPicture />
    </main>
  );
}

function schoolName(facts: SessionFacts): string | undefined {
  return facts.kind === 'answered' ? facts.answer.schoolName : undefined;
}

/** Where a sign-in that this device began, and that did not come back, was to lead to. */
function unfinishedPath(facts: SessionFacts): string | undefined {
  return facts.kind === 'answered' && !facts.answer.signedIn ? facts.answer.unfinished : undefined;
}

function isSample(facts: SessionFacts): boolean {
  return facts.kind === 'answered' && facts.answer.sample;
}
