import type { Mark } from '#domain/mark.ts';

/** What happened to marks on the disk. `refresh`: this page may have missed something, read anew. */
export type MarkNews =
  { readonly kind: 'changed'; readonly marks: readonly Mark[] } | { readonly kind: 'refresh' };

export interface MarkFeed {
  /** To be called with what a transaction of this page wrote, once it has completed. */
  readonly committed: (marks: readonly Mark[]) => void;
  readonly refresh: () => void;
  readonly subscribe: (listener: (news: MarkNews) => void) => () => void;
  readonly close: () => void;
}

/** The part of a BroadcastChannel that is used. */
export interface FeedChannel {
  postMessage: (seqs: readonly number[]) => void;
  onmessage: ((event: MessageEvent<unknown>) => void) | null;
  close: () => void;
}

/**
 * Tells which marks were committed, in this page and in other tabs, so that a tap costs the screens one row and
 * not the reading of a lesson (toolchain baselines: a live query over 1,000 marks costs more than the tap).
 * Other tabs are told keys only and read the rows from the disk.
 */
export function createMarkFeed(
  channel: FeedChannel | undefined,
  readMany: (seqs: readonly number[]) => Promise<readonly Mark[]>,
): MarkFeed {
  const listeners = new Set<(news: MarkNews) => void>();
  const tell = (news: MarkNews) => {
    for (const listener of [...listeners]) listener(news);
  };
  const follow = async (seqs: readonly number[]) => {
    try {
      tell({ kind: 'changed', marks: await readMany(seqs) });
    } catch {
      tell({ kind: 'refresh' });
    }
  };
  if (channel !== undefined) {
    channel.onmessage = ({ data }) => {
      if (Array.isArray(data) && data.every(Number.isSafeInteger)) void follow(data as number[]);
    };
  }
  // A post costs a third of a tap; "saved" does not wait for it.
  let unposted: number[] = [];
  let closed = false;
  const post = () => {
    if (unposted.length > 0 && !closed) channel?.postMessage(unposted);
    unposted = [];
  };
  return {
    committed: (marks) => {
      tell({ kind: 'changed', marks });
      if (unposted.length === 0) setTimeout(post, 0);
      unposted.push(...marks.map(({ seq }) => seq));
    },
    refresh: () => tell({ kind: 'refresh' }),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      listeners.clear();
      post();
      closed = true;
      channel?.close();
    },
  };
}
