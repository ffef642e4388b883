import { useContext, useState } from 'react';
import type { ReactNode } from 'react';
import type { StorageError } from '#store/port.ts';
import { Button } from '#ui/button.tsx';
import { NoticeIcon } from '#ui/icons.tsx';
import { ErrorState } from '#ui/notices.tsx';
import { UpdateContext } from './update-offer.tsx';

interface StorageWords {
  readonly title: string;
  readonly why: ReactNode;
  readonly button: string;
}

/** The device's own store cannot be opened. It must never look as if there were nothing in it. */
export function StorageScreen({ why }: { readonly why: StorageError['kind'] }) {
  const words = wordsFor(why);
  const { renew } = useContext(UpdateContext);
  const [isTrying, setTrying] = useState(false);
  return (
    <main className="page-main">
      <ErrorState
        isPage
        icon={<NoticeIcon />}
        title={words.title}
        action={
          <Button
            tone="primary"
            disabled={isTrying}
            onClick={() => {
              setTrying(true);
              if (why === 'version') renew();
              else location.reload();
            }}
          >
            {words.button}
          </Button>
        }
      >
        {words.why}
      </ErrorState>
    </main>
  );
}

/** An older tab holds the store while this version wants to renew it. */
export function OtherTabScreen() {
  return (
    <main className="page-main">
      <ErrorState isPage icon={<NoticeIcon />} title="Tapmark is open in another tab, in an older version">
        <p>Close that tab; this one goes on by itself. Nothing that was saved is touched.</p>
      </ErrorState>
    </main>
  );
}

function wordsFor(why: StorageError['kind']): StorageWords {
  switch (why) {
    case 'version':
      return {
        title: 'This app is older than what it finds on this device',
        why: <p>A newer Tapmark has been used here. Reload to get it; your marks are untouched.</p>,
        button: 'Reload',
      };
    case 'full':
      return {
        title: 'This device has no space left',
        why: (
          <p>
            Tapmark could not open its store, so nothing would be saved. What was saved before is still here.
            Free some space (photos, videos, downloads), then try again.
          </p>
        ),
        button: 'Try again',
      };
    case 'unavailable':
      return {
        title: 'This browser does not let Tapmark keep marks',
        why: (
          <>
            <p>
              It happens in private windows, where site data is turned off, and on a device that is full. A
              mark would be lost with the window, so Tapmark does not begin.
            </p>
            <p>
              Open Tapmark in an ordinary window, allow this site to keep data, or free some space; then try
              again.
            </p>
          </>
        ),
        button: 'Try again',
      };
    case 'closed':
    case 'other':
      return {
        title: 'The store on this device did not open',
        why: (
          <p>
            Another tab may hold it. Close other Tapmark tabs and try again; what was saved is still here.
          </p>
        ),
        button: 'Try again',
      };
    default:
      return why satisfies never;
  }
}
