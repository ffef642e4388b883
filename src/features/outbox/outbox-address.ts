import { outboxPath } from '#features/paths.ts';

/** What the outbox can be asked for. */
export const outboxFilters = ['waiting', 'needs-you', 'in-canvas', 'set-aside'] as const;
export type OutboxFilter = (typeof outboxFilters)[number];

/** Where the outbox shows this. */
export function outboxHref(filter: OutboxFilter): string {
  return `${outboxPath}?show=${filter}`;
}

/** Reads what `outboxHref` wrote. @param search the part of the address after the question mark */
export function filterIn(search: string): OutboxFilter {
  const asked = new URLSearchParams(search).get('show');
  return outboxFilters.find((filter) => filter === asked) ?? 'waiting';
}
