import { useSyncExternalStore } from 'react';

/** Words for screen readers, beside what the eye sees. */
export interface Announcements {
  readonly say: (words: string) => void;
  readonly get: () => string;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createAnnouncements(): Announcements {
  let latest = '';
  const listeners = new Set<() => void>();
  return {
    say: (words) => {
      // The same words twice are news twice; a reader hears only what differs.
      latest = words === latest ? `${words}\u00a0` : words;
      for (const listener of listeners) listener();
    },
    get: () => latest,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Says what became of a tap without moving the focus. The latest words replace those not yet spoken. */
export function Announcer({ announcements }: { readonly announcements: Announcements }) {
  const words = useSyncExternalStore(announcements.subscribe, announcements.get);
  return (
    <p className="visually-hidden" aria-live="polite">
      {words}
    </p>
  );
}
