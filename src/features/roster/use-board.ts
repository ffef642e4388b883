import { useCallback, useSyncExternalStore } from 'react';
import type { UserId } from '#domain/ids.ts';
import type { LessonBoard } from './lesson-board.ts';
import type { Counters } from './lesson-counters.ts';
import type { TileFacts } from './tile-facts.ts';

/** What one tile says; draws again only when that changes. */
export function useTile(board: LessonBoard, student: UserId): TileFacts {
  const subscribe = useCallback(
    (listener: () => void) => board.subscribeTile(student, listener),
    [board, student],
  );
  return useSyncExternalStore(subscribe, () => board.tile(student));
}

export function useCounters(board: LessonBoard): Counters {
  const subscribe = useCallback((listener: () => void) => board.subscribeCounters(listener), [board]);
  return useSyncExternalStore(subscribe, () => board.counters);
}
