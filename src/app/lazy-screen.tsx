import { lazy } from 'react';
import type { ComponentType } from 'react';

/** A chunk of the app is not to be had: no network on the first visit, or gone after a deploy. */
export class MissingPartError extends Error {
  override readonly name = 'MissingPartError';
}

export interface LazyScreen {
  readonly Screen: ComponentType;
  /** Loads the code ahead; never rejects. */
  readonly preload: () => Promise<void>;
}

/** A screen whose code comes with its first visit. */
export function lazyScreen(load: () => Promise<ComponentType>): LazyScreen {
  return {
    Screen: lazy(async () => {
      try {
        return { default: await load() };
      } catch (cause) {
        throw new MissingPartError('a part of the app could not be loaded', { cause });
      }
    }),
    async preload() {
      await load().catch(() => undefined);
    },
  };
}
