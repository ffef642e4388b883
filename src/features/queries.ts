import { QueryClient, useQuery } from '@tanstack/react-query';
import type { AccountStore } from '#store/account-store.ts';
import { useAccount } from './account-context.ts';
import { isWorthAsking, readTroubleOf } from './read-trouble.ts';
import type { ReadTrouble } from './read-trouble.ts';

/*
 * When to read from Canvas. The answers go to the store and the screens read there; what a query keeps is that it
 * was read, and when. Each account has a query client of its own, which goes with its store.
 */

/** Lists of a school change slowly: a lesson asks once, and again after this, ms. */
const freshForMs = 5 * 60_000;
const mostRetries = 2;

const clients = new WeakMap<AccountStore, QueryClient>();

function clientOf(store: AccountStore): QueryClient {
  const known = clients.get(store);
  if (known !== undefined) return known;
  const made = new QueryClient({
    defaultOptions: {
      queries: {
        // `navigator.onLine` says when to try, not what will happen.
        networkMode: 'always',
        staleTime: freshForMs,
        retry: (failures, error) => failures < mostRetries && isWorthAsking(error),
        retryDelay: (failures) => 2_000 * 2 ** failures,
        refetchOnReconnect: 'always',
      },
    },
  });
  clients.set(store, made);
  return made;
}

export interface CanvasRead<T> {
  /** What the last read gave; absent until there was one. */
  readonly found: T | undefined;
  readonly trouble: ReadTrouble | undefined;
  readonly refresh: () => void;
}

interface CanvasReadOptions<T> {
  readonly name: readonly string[];
  /** Reads from Canvas and writes to the store what must work without a network. */
  readonly read: () => Promise<T>;
  readonly freshForMs?: number;
}

/**
 * Reads something from Canvas now, when it is stale, and again when the network is back. A read that has begun goes
 * on when its screen is left: the next one may want it.
 */
export function useCanvasRead<T>(options: CanvasReadOptions<T>): CanvasRead<T> {
  const { store } = useAccount();
  const query = useQuery(
    {
      queryKey: options.name,
      queryFn: options.read,
      ...(options.freshForMs === undefined ? {} : { staleTime: options.freshForMs }),
    },
    clientOf(store),
  );
  return {
    found: query.data,
    trouble: query.error === null ? undefined : readTroubleOf(query.error),
    refresh: () => void query.refetch(),
  };
}
