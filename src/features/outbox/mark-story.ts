import { secondToMs } from '#domain/instant.ts';
import type { Mark } from '#domain/mark.ts';
import { readAtWords } from '#features/ages.ts';

/** What became of a mark, in plain words: one line for each thing that can be said of it. */
export function markStory(mark: Mark, nowMs: number): string {
  const seen = `observed ${readAtWords(secondToMs(mark.assessedAt), nowMs)}`;
  return `${seen}, ${whereWords(mark, nowMs)}`;
}

function whereWords(mark: Mark, nowMs: number): string {
  const settled = mark.settledAt === undefined ? '' : ` ${readAtWords(mark.settledAt, nowMs)}`;
  switch (mark.state) {
    case 'HELD':
      return mark.heldUntil === null
        ? 'saved here until the end of the round'
        : `saved here, goes to Canvas ${readAtWords(mark.heldUntil, nowMs)}`;
    case 'QUEUED':
      return mark.attempted ? 'waiting to be sent again' : 'saved here, waiting';
    case 'INFLIGHT':
      return 'being sent';
    case 'UNKNOWN':
      return 'sent, no answer came: checking with Canvas before anything is sent again';
    case 'CONFIRMED':
      return `in Canvas${settled}${(mark.duplicateRowIds?.length ?? 0) > 0 ? ', and there a second time' : ''}`;
    case 'REJECTED':
      return rejectedWords(mark, nowMs);
    case 'WITHDRAWN':
      return `undone${settled}, never sent`;
    case 'HANDED_OVER':
      return `in a rescue file${settled}, sent from another device`;
  }
}

function rejectedWords({ reason, resolution }: Mark, nowMs: number): string {
  if (resolution === undefined) {
    return reason === undefined ? 'Canvas did not take it' : `Canvas did not take it: ${reason}`;
  }
  const at = readAtWords(resolution.at, nowMs);
  switch (resolution.kind) {
    case 'retried':
      return `not taken by Canvas, tried again as a new mark ${at}`;
    case 'reassigned':
      return `not taken by Canvas, given to another student ${at}`;
    case 'discarded':
      return `discarded ${at}: ${resolution.note}`;
  }
}
