import { useEffect, useId, useState } from 'react';
import { useAccount } from '#features/account-context.ts';
import { useLive } from '#store/use-live.ts';
import { Button } from '#ui/button.tsx';
import { persistenceWords, spaceWords } from './words.ts';

/** What this device promises about what is saved on it. */
export function DeviceSetting() {
  const { store } = useAccount();
  const heading = useId();
  const live = useLive(() => store.storage.watch, [store]);
  useEffect(() => {
    void store.storage.measure();
  }, [store]);
  const isPersisted = useIsPersisted();
  const known = live.status === 'ready' ? live.value : store.storage.state();
  const state = isPersisted ? { ...known, persistence: 'granted' as const } : known;
  const installed = isInstalled();
  const space = spaceWords(state);
  return (
    <section className="section" aria-labelledby={heading}>
      <h2 id={heading}>This device</h2>
      <p>{persistenceWords(state.persistence, installed)}</p>
      {!installed && isApple() && (
        <p>
          Safari clears the data of sites that are not on the home screen after seven days without a visit.
          Tap Share, then <b>Add to Home Screen</b>.
        </p>
      )}
      {space !== undefined && <p className="section-note">{space}</p>}
      {state.persistence === 'not-asked' && (
        <div>
          <Button onClick={store.storage.askToPersist}>Ask the browser now</Button>
        </div>
      )}
    </section>
  );
}

/** True when the browser made its promise in an earlier start; it is asked anew only with the first mark. */
function useIsPersisted(): boolean {
  const [isPersisted, setPersisted] = useState(false);
  useEffect(() => {
    const { storage } = navigator as { readonly storage?: Partial<StorageManager> };
    void storage?.persisted?.().then(setPersisted, () => undefined);
  }, []);
  return isPersisted;
}

function isInstalled(): boolean {
  return (
    matchMedia('(display-mode: standalone)').matches ||
    ('standalone' in navigator && navigator.standalone === true)
  );
}

/** iPads say they are Macs; touch gives them away. */
function isApple(): boolean {
  return (
    /iPad|iPhone/.test(navigator.userAgent) ||
    (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1)
  );
}
