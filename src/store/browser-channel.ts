import type { AccountId } from '#domain/ids.ts';
import type { FeedChannel } from './mark-feed.ts';

/** On which the pages and the worker of one account tell each other of commits; none in tests without tabs. */
export function browserChannel(account: AccountId): FeedChannel | undefined {
  return typeof BroadcastChannel === 'undefined'
    ? undefined
    : new BroadcastChannel(`tapmark-marks:${account}`);
}
