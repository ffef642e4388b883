import axe from 'axe-core';
import { expect } from 'vitest';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** No violation of WCAG 2.2 A and AA within a part of the page, as the specs of the built app ask of whole screens. */
export async function expectAccessible(part: Element | null): Promise<void> {
  expect(part).not.toBeNull();
  // On its way in, a sheet stands before something else, and colours are half way.
  await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
  const { violations, passes } = await axe.run(part ?? document, { runOnly: tags });
  const found = violations.map(({ help, nodes }) => [help, ...nodes.map(({ html }) => html)].join('\n  '));
  expect(found).toEqual([]);
  expect(passes.length).toBeGreaterThan(3);
}
