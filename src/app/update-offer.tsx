import { createContext, useContext, useReducer } from 'react';
import { useAccount } from '#features/account-context.ts';
import { classPath } from '#features/paths.ts';
import { isAnyUnsaved, unsavedLesson } from '#features/roster/unsaved-taps.ts';
import { useLive } from '#store/use-live.ts';
import { ButtonLink } from '#ui/button-link.tsx';
import { Button } from '#ui/button.tsx';
import { useReadable } from './use-readable.ts';
import { subject } from './subject.ts';
import type { Readable } from './subject.ts';
import type { UpdateState } from './updates.ts';
import './update-offer.css';

export interface UpdateContextValue {
  readonly state: Readable<UpdateState>;
  readonly accept: () => void;
  /** As `accept` for an app that cannot go on as it is; always ends in a reload. */
  readonly renew: () => void;
}

export const UpdateContext = createContext<UpdateContextValue>({
  state: subject<UpdateState>('current'),
  accept: () => undefined,
  renew: () => undefined,
});

/**
 * Offers a newer version on the screens outside a lesson. It can be accepted only while every mark is saved and nothing
 * is on its way to Canvas, and begins when this page's sender has stopped: what was not saved is in this page alone,
 * and an attempt that is cut off costs two minutes of checking.
 */
export function UpdateOffer() {
  const { state, accept } = useContext(UpdateContext);
  const { store, engine } = useAccount();
  const update = useReadable(state);
  const open = useLive(() => store.watch.openCounts, [store]);
  // A lesson that was left may still fail to save: it is asked again when it matters.
  const [, lookAgain] = useReducer((looks: number) => looks + 1, 0);
  if (update === 'current') return null;
  const use = () => {
    if (isAnyUnsaved()) lookAgain();
    else void engine.stop().then(accept);
  };
  const busy = open.status === 'ready' && open.value.inflight > 0;
  return (
    <aside className="update-offer" aria-label="New version">
      <p>
        {update === 'ready'
          ? 'A new version is ready. Use it after the lesson.'
          : 'A new version is in use in another tab. Reload this one after the lesson.'}
      </p>
      {isAnyUnsaved() ? (
        <SaveFirst />
      ) : (
        <Button onClick={use} disabled={busy}>
          {busy ? 'As soon as marks are sent' : 'Use it now'}
        </Button>
      )}
    </aside>
  );
}

function SaveFirst() {
  const { account } = useAccount();
  const lesson = unsavedLesson(account.id);
  return (
    <>
      <p role="status">Some marks are not saved yet, and would be lost by it.</p>
      {lesson !== undefined && (
        <ButtonLink href={classPath(lesson.course, lesson.assessmentKey)} tone="primary">
          Save them first
        </ButtonLink>
      )}
    </>
  );
}
