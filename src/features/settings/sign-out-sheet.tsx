import { useContext, useState } from 'react';
import { useAccount } from '#features/account-context.ts';
import { useSession } from '#features/session-context.ts';
import { useLive } from '#store/use-live.ts';
import { Button } from '#ui/button.tsx';
import { LockIcon, SendIcon } from '#ui/icons.tsx';
import { PageStatus } from '#ui/page-status.ts';
import { Sheet } from '#ui/sheet.tsx';
import { showToast } from '#ui/toast-store.ts';
import { marksWaitWords } from './words.ts';

interface SignOutSheetProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Leaving with marks that have not reached Canvas: they are sent first, or stay here locked. Never lost. */
export function SignOutSheet({ isOpen, onClose }: SignOutSheetProps) {
  return (
    <Sheet isOpen={isOpen} onClose={onClose} title="Sign out">
      <SignOutChoices onClose={onClose} />
    </Sheet>
  );
}

function SignOutChoices({ onClose }: { readonly onClose: () => void }) {
  const { store, engine } = useAccount();
  const { signOut } = useSession();
  const syncWords = useContext(PageStatus);
  const [isAsked, setAsked] = useState(false);
  const open = useLive(() => store.watch.openCounts, [store]);
  const waiting =
    open.status === 'ready'
      ? open.value.waiting + open.value.needsTeacher + open.value.unreadable
      : undefined;

  async function send() {
    setAsked(true);
    try {
      await engine.sendNow();
    } catch {
      showToast({ words: 'This device’s store does not answer. Reload the app, then try again.' });
    }
  }

  if (waiting === 0) {
    return (
      <div className="section">
        <p>All your marks are in Canvas.</p>
        <div className="settings-buttons">
          <Button tone="primary" onClick={() => void signOut()}>
            Sign out
          </Button>
          <Button onClick={onClose}>Stay</Button>
        </div>
      </div>
    );
  }
  return (
    <div className="section">
      <p>
        <b>{waiting === undefined ? 'Marks may not have reached Canvas' : marksWaitWords(waiting)}.</b> Send
        now, or keep here what waits: it stays on this device, nobody else sees it, and it goes when you sign
        in here again.
      </p>
      {isAsked && syncWords}
      <div className="settings-buttons">
        <Button tone="primary" icon={<SendIcon />} onClick={() => void send()}>
          Send now
        </Button>
        <Button icon={<LockIcon />} onClick={() => void signOut()}>
          Keep them here and sign out
        </Button>
        <Button tone="quiet" onClick={onClose}>
          Stay
        </Button>
      </div>
    </div>
  );
}
