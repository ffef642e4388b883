import { useEffect, useId } from 'react';
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
  const state = live.status === 'ready' ? live.value : store.storage.state();
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
