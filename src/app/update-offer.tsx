import { createContext, useContext } from 'react';
import { useAccount } from '#features/account-context.ts';
import { useLive } from '#store/use-live.ts';
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
 * Offers a newer version on the screens outside a lesson. It can be accepted only while nothing is on its way
 * to Canvas, and begins when this page's sender has stopped: an attempt that is cut off costs two minutes of checking.
 */
export function UpdateOffer() {
  const { state, accept } = useContext(UpdateContext);
  const { store, engine } = useAccount();
  const update = useReadable(state);
  const open = useLive(() => store.watch.openCounts, [store]);
  if (update === 'current') return null;
  const busy = open.status === 'ready' && open.value.inflight > 0;
  return (
    <aside className="update-offer" aria-label="New version">
      <p>
        {update === 'ready'
          ? 'A new version is ready. Use it after the lesson.'
          : 'A new version is in use in another tab. Reload this one after the lesson.'}
      </p>
      <Button onClick={() => void engine.stop().then(accept)} disabled={busy}>
        {busy ? 'As soon as marks are sent' : 'Use it now'}
      </Button>
    </aside>
  );
}
