import { describe, expect, it } from 'vitest';
import { QuickAbortController } from './quick-abort.ts';

const kinds = [
  ['the platform’s AbortController', () => new AbortController()],
  ['the quick AbortController', () => new QuickAbortController() as unknown as AbortController],
] as const;

describe.each(kinds)('%s', (_, create) => {
  it('calls its listeners at once and in order, and each once', () => {
    const { controller, heard, note } = scene(create);
    const a = note('a');
    controller.signal.addEventListener('abort', a, { once: true });
    controller.signal.addEventListener('abort', note('b'));
    controller.signal.addEventListener('abort', a);
    expect(controller.signal.aborted).toBe(false);
    expect(controller.signal.reason).toBeUndefined();
    controller.abort('enough');
    controller.abort('again');
    expect(heard).toEqual(['a', 'b']);
    expect(controller.signal.aborted).toBe(true);
    expect(controller.signal.reason).toBe('enough');
  });

  it('has a reason of its own when it is given none', () => {
    const { controller } = scene(create);
    controller.abort();
    const reason: unknown = controller.signal.reason;
    expect(reason).toBeInstanceOf(DOMException);
    expect(reason).toMatchObject({ name: 'AbortError', message: 'This operation was aborted' });
    expect(controller.signal.reason).toBe(reason);
  });

  it('does not call who was removed, not even while it calls', () => {
    const { controller, heard, note } = scene(create);
    const [early, late] = [note('early'), note('late')];
    controller.signal.addEventListener('abort', early);
    controller.signal.addEventListener('abort', () => {
      controller.signal.removeEventListener('abort', late);
    });
    controller.signal.addEventListener('abort', late);
    controller.signal.removeEventListener('abort', early);
    controller.abort();
    expect(heard).toEqual([]);
  });

  it('does not call who comes after the abort', () => {
    const { controller, heard, note } = scene(create);
    controller.abort();
    controller.signal.addEventListener('abort', note('too late'));
    expect(heard).toEqual([]);
  });

  it('does not call who comes while it calls', () => {
    const { controller, heard, note } = scene(create);
    controller.signal.addEventListener('abort', () => {
      controller.signal.addEventListener('abort', note('too late'));
    });
    controller.abort();
    expect(heard).toEqual([]);
  });

  it('forgets a listener whose own signal aborts', () => {
    const { controller, heard, note } = scene(create);
    const [before, now] = [create(), create()];
    before.abort();
    controller.signal.addEventListener('abort', note('before'), { signal: before.signal });
    controller.signal.addEventListener('abort', note('now'), { signal: now.signal });
    controller.signal.addEventListener('abort', note('stays'));
    now.abort();
    controller.abort();
    expect(heard).toEqual(['stays']);
  });

  it('says that it aborts before anybody hears of it', () => {
    const { controller, heard } = scene(create);
    controller.signal.addEventListener('abort', () => {
      heard.push(String(controller.signal.aborted));
    });
    controller.abort();
    expect(heard).toEqual(['true']);
  });
});

function scene(create: () => AbortController) {
  const heard: string[] = [];
  const note = (what: string) => () => {
    heard.push(what);
  };
  return { controller: create(), heard, note };
}
