import { QueryClient } from '@tanstack/react-query';
import { isWorthAsking } from '#features/read-trouble.ts';

/** Lists of a school change slowly; a lesson asks once and again after this, ms. */
const freshForMs = 5 * 60_000;
const mostRetries = 2;

/**
 * When to read from Canvas. The answers go to the store and the screens read there; what the query keeps is only
 * that and when it was read. `always`, because `navigator.onLine` says when to try, not what will happen.
 */
export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        staleTime: freshForMs,
        retry: (failures, error) => failures < mostRetries && isWorthAsking(error),
        retryDelay: (failures) => 2_000 * 2 ** failures,
        refetchOnReconnect: 'always',
      },
    },
  });
}
