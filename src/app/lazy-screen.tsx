import { lazy } from 'react';
import type { ComponentType, LazyExoticComponent } from 'react';

/** A chunk of the app is not to be had: no network on the first visit, or gone after a deploy. */
export class MissingPartError extends Error {
  override readonly name = 'MissingPartError';
}

export interface LazyScreen<P> {
  readonly Screen: LazyExoticComponent<ComponentType<P>>;
  /** Loads the code ahead; never rejects. */
  readonly preload: () => Promise<void>;
}

/** A screen whose code comes with its first visit. */
export function lazyScreen<P>(load: () => Promise<ComponentType<P>>): LazyScreen<P> {
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

/** Something beside a screen that the screen can do without: when its code is not to be had, there is nothing. */
export function lazyPart<P>(load: () => Promise<ComponentType<P>>): LazyExoticComponent<ComponentType<P>> {
  return lazy(async () => ({ default: await load().catch(() => Nothing) }));
}

function Nothing() {
  return null;
}
