import { watchSource, type Watch } from './watch.ts';

/** How safe this device's storage is from being cleared by the browser. */
export interface StorageState {
  /** `asking` may last for ever: some browsers never answer. */
  readonly persistence: 'not-asked' | 'asking' | 'granted' | 'refused' | 'unsupported';
  /** Bytes, as far as the browser says. */
  readonly usage?: number;
  readonly quota?: number;
}

export interface StorageGuard {
  readonly state: () => StorageState;
  readonly watch: Watch<StorageState>;
  /** Asks the browser, once, to keep this site's storage. Returns at once: the answer may never come. */
  readonly askToPersist: () => void;
  /** Looks again at what is used. Never rejects. */
  readonly measure: () => Promise<StorageState>;
}

/** The part of `navigator.storage` that is used. */
export type StorageManagerLike = Partial<Pick<StorageManager, 'persist' | 'persisted' | 'estimate'>>;

export function createStorageGuard(manager: StorageManagerLike | undefined = browserManager()): StorageGuard {
  const source = watchSource<StorageState>();
  let state: StorageState = { persistence: manager?.persist === undefined ? 'unsupported' : 'not-asked' };
  const set = (changes: Partial<StorageState>) => {
    state = { ...state, ...changes };
    source.set(state);
    return state;
  };
  source.set(state);

  async function ask() {
    try {
      const granted = (await manager?.persisted?.()) === true || (await manager?.persist?.()) === true;
      set({ persistence: granted ? 'granted' : 'refused' });
    } catch {
      set({ persistence: 'refused' });
    }
  }

  return {
    state: () => state,
    watch: source.watch,
    askToPersist: () => {
      if (state.persistence !== 'not-asked') return;
      set({ persistence: 'asking' });
      void ask();
    },
    measure: async () => {
      try {
        const { usage, quota } = (await manager?.estimate?.()) ?? {};
        return set({ ...(usage === undefined ? {} : { usage }), ...(quota === undefined ? {} : { quota }) });
      } catch {
        return state;
      }
    },
  };
}

function browserManager(): StorageManagerLike | undefined {
  return (globalThis as { navigator?: { storage?: StorageManager } }).navigator?.storage;
}
