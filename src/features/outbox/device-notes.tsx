import { useEffect } from 'react';
import { useAccount } from '#features/account-context.ts';
import { useLive } from '#store/use-live.ts';
import { clockWords, spaceLeftWords } from './device-words.ts';
import './device-notes.css';

/** What is wrong with the device itself, before the lesson: its clock, its space. Nothing while all is well. */
export function DeviceNotes() {
  const { store } = useAccount();
  const meta = useLive(() => store.watch.meta(), [store]);
  const storage = useLive(() => store.storage.watch, [store]);
  useEffect(() => {
    void store.storage.measure();
  }, [store]);
  const notes = [
    meta.status === 'ready' ? clockWords(meta.value?.clockOffsetMs) : undefined,
    storage.status === 'ready' ? spaceLeftWords(storage.value) : undefined,
  ].filter((words) => words !== undefined);
  if (notes.length === 0) return null;
  return (
    <aside className="device-notes" aria-label="This device">
      {notes.map((words) => (
        <p key={words}>{words}</p>
      ))}
    </aside>
  );
}
