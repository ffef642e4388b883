import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { Link } from 'wouter';
import { useAccount } from '#features/account-context.ts';
import { signInScreenPath } from '#features/paths.ts';
import { tellMarksWait } from '#features/tell-not-kept.ts';
import { systemClock } from '#lib/clock.ts';
import { useLive } from '#store/use-live.ts';
import { Button } from '#ui/button.tsx';
import { SendIcon } from '#ui/icons.tsx';
import { outboxHref } from './outbox-address.ts';
import { countdownWords, needsYouWords, spokenLine, syncLine } from './words.ts';
import type { SyncLine } from './words.ts';
import './sync-words.css';

/** How long something must stay so before it is said aloud, ms: a batch comes and goes within a second. */
const settledMs = 2_000;

/** How the marks of this account stand: at the foot of every screen, in words and numbers, never guessed. */
export function SyncWords() {
  const { store, engine } = useAccount();
  const status = useSyncExternalStore(
    useCallback((listener: () => void) => engine.status.subscribe(listener), [engine]),
    () => engine.status.get(),
  );
  const open = useLive(() => store.watch.openCounts, [store]);
  const line = open.status === 'ready' ? syncLine(status, open.value, systemClock.wallMs()) : undefined;
  const sendNow = () => {
    engine.sendNow().catch(() => {
      tellMarksWait();
    });
  };
  return (
    <div className="sync" data-kind={line?.kind}>
      {/* Live, but quiet: the countdown would be read every second. What matters is said below. */}
      <div role="status" aria-label="Sync" aria-live="off" className="sync-line">
        {open.status === 'failed' && <b>This device cannot read its marks</b>}
        {line !== undefined && <Line line={line} />}
      </div>
      {line?.canSend === true && (
        <Button icon={<SendIcon />} onClick={sendNow}>
          Send now
        </Button>
      )}
      <Spoken words={line === undefined ? '' : spokenLine(line)} />
    </div>
  );
}

function Line({ line }: { readonly line: SyncLine }) {
  const { kind, head, tail, until, needsYou } = line;
  return (
    <>
      <b>{head}</b>
      {tail !== undefined && (
        <span className="sync-tail">
          <span className="sync-dot"> · </span>
          {kind === 'signed-out' ? <Link href={signInScreenPath}>{tail}</Link> : tail}
        </span>
      )}
      {until !== undefined && (
        <span className="sync-tail">
          <span className="sync-dot"> · </span>
          <Countdown until={until} />
        </span>
      )}
      {needsYou > 0 && (
        <span className="sync-tail">
          <span className="sync-dot"> · </span>
          <Link href={outboxHref('needs-you')} className="sync-needs">
            {needsYouWords(needsYou)}
          </Link>
        </span>
      )}
    </>
  );
}

/** Ticks by itself, so that the rest of the screen stands still. */
function Countdown({ until }: { readonly until: number }) {
  const [now, setNow] = useState(() => systemClock.wallMs());
  useEffect(() => {
    const timer = setInterval(() => setNow(systemClock.wallMs()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return countdownWords(until, now);
}

/** Says words aloud once they have stayed the same for a while. */
function Spoken({ words }: { readonly words: string }) {
  const [spoken, setSpoken] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSpoken(words), settledMs);
    return () => clearTimeout(timer);
  }, [words]);
  return (
    <p className="visually-hidden" aria-live="polite">
      {spoken}
    </p>
  );
}
