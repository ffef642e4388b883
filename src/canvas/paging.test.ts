import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from '#testing/any-text.ts';
import type { AnswerFacts } from './answer.ts';
import { WrongShapeError } from './errors.ts';
import { nextInLink, nextPage, pageTrail } from './paging.ts';

const answer: AnswerFacts = { status: 200, roundTripMs: 1, speaker: 'canvas' };
const here = 'https://tapmark.example/api/v1/courses/1/live_assessments?per_page=100';

describe('the next page in a Link header', () => {
  test.each([
    [
      '<https://a/?page=1>; rel="current",<https://a/?page=2>; rel="next",<https://a/?page=1>; rel="first"',
      'https://a/?page=2',
    ],
    ['<https://a/?x=1,2;3&page=2>; rel="next"', 'https://a/?x=1,2;3&page=2'],
    ['</p?page=bookmark:W10>; REL=next', '/p?page=bookmark:W10'],
    ['<https://a/1>; title="rel=next"; rel="last next"', 'https://a/1'],
    ['<https://a/1>; rel="prev", <https://a/2>; rel="last"', undefined],
    ['<https://a/1>; rel="nextish"', undefined],
    ['garbage; rel="next"', undefined],
    ['', undefined],
    [null, undefined],
  ])('%s', (header, next) => {
    expect(nextInLink(header)).toBe(next);
  });

  test('any header is read without a stumble, in time', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme-ascii' }), (header) => void nextInLink(header)));
    expect(nextInLink('<'.repeat(200_000) + ';rel'.repeat(10_000))).toBeUndefined();
  });
});

describe('where a next page may lie', () => {
  const follow = (next: string) => nextPage(next, { url: here, answer });

  test('on our own origin, absolute or relative, under the API', () => {
    const second = 'https://tapmark.example/api/v1/courses/1/live_assessments?page=2&per_page=100';
    expect(follow(second)).toBe(second);
    expect(follow('/api/v1/courses/1/live_assessments?page=2&per_page=100')).toBe(second);
    expect(follow('?page=2&per_page=100')).toBe(second);
  });

  test.each([
    ['another host', 'https://canvas.example/api/v1/courses/1/live_assessments?page=2'],
    ['another host without a scheme', '//canvas.example/api/v1/x?page=2'],
    ['another host behind a user name', 'https://tapmark.example@canvas.example/api/v1/x?page=2'],
    ['another scheme', 'http://tapmark.example/api/v1/courses/1/live_assessments?page=2'],
    ['another port', 'https://tapmark.example:8443/api/v1/courses/1/live_assessments?page=2'],
    ['no web address', 'javascript:alert(1)'],
    ['no address', 'https://'],
    ['outside the API', '/tapmark/sign-out'],
    ['outside the API by dots', '/api/v1/../../tapmark/session'],
    ['the page it stands on', here],
    ['the page it stands on, with a fragment', `${here}#2`],
    ['nowhere', ''],
  ])('not %s', (_, next) => {
    expect(() => follow(next)).toThrow(WrongShapeError);
  });

  test('any text is a page of ours or a wrong shape', () => {
    const text = fc.oneof(fc.webUrl(), anyText(), fc.webPath());
    fc.assert(
      fc.property(text, (next) => {
        try {
          expect(follow(next)).toMatch(/^https:\/\/tapmark\.example\/api\/v1\//);
        } catch (error) {
          expect(error).toBeInstanceOf(WrongShapeError);
        }
      }),
    );
  });
});

describe('a chain of pages', () => {
  test('ends when it comes back to a page', () => {
    const follow = pageTrail();
    follow('a', answer);
    follow('b', answer);
    expect(() => follow('a', answer)).toThrow(WrongShapeError);
  });

  test('ends when it has more pages than any list', () => {
    const follow = pageTrail(3);
    follow('a', answer);
    follow('b', answer);
    expect(() => follow('c', answer)).toThrow(WrongShapeError);
  });
});
