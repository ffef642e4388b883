import type { ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { afterEach } from 'vitest';

export interface Rendered {
  readonly container: HTMLElement;
  rerender: (node: ReactNode) => void;
  unmount: () => void;
}

const mounted = new Set<Rendered>();

/**
 * Draws `node` in the page and takes it away after the test. What is drawn at once is there when this returns; for
 * what follows, wait with `expect.element(page.getByRole(…))` of `vitest/browser`.
 */
export function render(node: ReactNode): Rendered {
  const container = document.createElement('div');
  document.body.append(container);
  const root = createRoot(container);
  const draw = (next: ReactNode) => flushSync(() => root.render(next));
  const rendered: Rendered = {
    container,
    rerender: draw,
    unmount: () => {
      if (!mounted.delete(rendered)) return;
      flushSync(() => root.unmount());
      container.remove();
    },
  };
  mounted.add(rendered);
  draw(node);
  return rendered;
}

afterEach(() => {
  for (const rendered of mounted) rendered.unmount();
});
