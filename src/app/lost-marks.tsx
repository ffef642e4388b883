import { useState } from 'react';
import type { ReactNode } from 'react';
import { useAccount } from '#features/account-context.ts';
import { Button } from '#ui/button.tsx';
import { NoticeIcon } from '#ui/icons.tsx';
import { ErrorState } from '#ui/notices.tsx';

/**
 * Stands before everything else when marks that waited here have gone with their database. An empty class list
 * would look as if all had been sent.
 */
export function LostMarks({ children }: { readonly children: ReactNode }) {
  const { store } = useAccount();
  const [lost, setLost] = useState(store.lostMarks);
  if (lost === 0) return children;
  return (
    <main className="page-main">
      <ErrorState
        isPage
        icon={<NoticeIcon />}
        title={
          lost === 1
            ? '1 mark that waited here is gone'
            : `${lost.toString()} marks that waited here are gone`
        }
        action={
          <Button
            tone="primary"
            onClick={() => {
              store.acknowledgeLost();
              setLost(0);
            }}
          >
            I have read this
          </Button>
        }
      >
        <p>
          They were saved on this device and had not reached Canvas. Since then the browser’s data of this
          site was removed: by the browser itself, to make space or because it was damaged, or by somebody on
          purpose. The last taps before that may not be counted here.
        </p>
        <p>
          What Canvas holds is complete up to then. Install Tapmark on the home screen and send at the end of
          the lesson: an installed app is not cleared by itself.
        </p>
      </ErrorState>
    </main>
  );
}
