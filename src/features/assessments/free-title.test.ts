import { describe, expect, it } from 'vitest';
import { checkTitle, titleProblemWords } from './free-title.ts';

describe('a free title', () => {
  it('is taken without the spaces around it', () => {
    expect(checkTitle('  Times   tables ')).toEqual({ kind: 'fine', title: 'Times tables' });
  });

  it('may have 255 characters and no more', () => {
    expect(checkTitle('x'.repeat(255)).kind).toBe('fine');
    expect(checkTitle('x'.repeat(256))).toEqual({ kind: 'too-long', length: 256 });
  });

  it.each(['', '   ', '\u200b\u202e', '\n\t'])('is missing when %j was typed', (typed) => {
    expect(checkTitle(typed)).toEqual({ kind: 'empty' });
  });

  it('says how much too long it is', () => {
    expect(titleProblemWords({ kind: 'too-long', length: 300 })).toBe(
      'Canvas takes titles of up to 255 characters; this one has 300.',
    );
  });
});
