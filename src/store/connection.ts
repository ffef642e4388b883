import type { Dexie } from 'dexie';
import { beginNewLog } from './begin-new-log.ts';
import { StorageError } from './port.ts';

/** What a browser does to a connection to its database, besides answering. */
export interface Connection {
  /**
   * `work`, for no longer than the connection lasts. A browser takes it away when the disk is full or broken, and
   * Chromium then leaves some transactions unanswered for ever. Nobody knows what was kept of them.
   * @throws StorageError `closed`
   */
  during<T>(work: Promise<T>): Promise<T>;
}

/** Follows a database through all its connections. To be called before the first one is opened. */
export function followConnection(db: Dexie): Connection {
  const lost = new EventTarget();
  let wasLost = false;
  const opened = () => {
    // A disk that was full has torn a record.
    if (wasLost) void beginNewLog();
    wasLost = false;
    db.backendDB().addEventListener('close', () => {
      wasLost = true;
      lost.dispatchEvent(new Event('lost'));
    });
  };
  db.on('ready', opened, true);
  return {
    during: (work) =>
      new Promise((resolve, reject) => {
        const end = () => {
          reject(new StorageError('closed'));
        };
        lost.addEventListener('lost', end, { once: true });
        const forget = () => {
          lost.removeEventListener('lost', end);
        };
        work.then(resolve, reject).finally(forget);
      }),
  };
}
