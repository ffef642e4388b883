import type { SyncEngine } from './engine.ts';

/**
 * Tells the engine what happens to its page. None of it is proof of anything: it only says when to look again.
 * @returns stops telling
 */
export function watchPage(engine: Pick<SyncEngine, 'kick'>, page: Window = window): () => void {
  const seen = () => {
    engine.kick('visibility');
  };
  const online = () => {
    engine.kick('online');
  };
  page.document.addEventListener('visibilitychange', seen);
  page.addEventListener('pageshow', seen);
  page.addEventListener('online', online);
  return () => {
    page.document.removeEventListener('visibilitychange', seen);
    page.removeEventListener('pageshow', seen);
    page.removeEventListener('online', online);
  };
}
