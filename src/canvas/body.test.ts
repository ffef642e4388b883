import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { UserId } from '#domain/ids.ts';
import { secondOf } from '#domain/instant.ts';
import { assessmentBody, resultsBody } from './body.ts';

const mark = (student: string, ms: number, passed: boolean) => ({
  student: student as UserId,
  assessedAt: secondOf(ms),
  passed,
});

test('the body is the documented one', () => {
  expect(resultsBody([mark('15', Date.parse('2014-05-26T21:57:23Z'), false)])).toBe(
    '{"results":[{"passed":false,"assessed_at":"2014-05-26T21:57:23Z","links":{"user":"15"}}]}',
  );
  expect(assessmentBody({ key: 'k', title: 'T', outcome: '1' })).toBe(
    '{"assessments":[{"key":"k","title":"T","links":{"outcome":"1"}}]}',
  );
});

test('a student’s marks stand together, in the order in which Canvas answers', () => {
  const body = resultsBody([mark('15', 0, true), mark('16', 0, true), mark('15', 1000, false)]);
  const { results } = JSON.parse(body) as { results: { links: { user: string } }[] };
  expect(results.map(({ links }) => links.user)).toEqual(['15', '15', '16']);
});

test('no mark is lost or made, and the same marks give the same text', () => {
  const marks = fc.array(
    fc
      .tuple(fc.constantFrom('1', '2', '9007199254740993'), fc.nat(1e9), fc.boolean())
      .map((all) => mark(...all)),
  );
  fc.assert(
    fc.property(marks, (given) => {
      const sent = (
        JSON.parse(resultsBody(given)) as {
          results: { passed: boolean; assessed_at: string; links: { user: string } }[];
        }
      ).results;
      const asText = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
      expect(asText(sent)).toEqual(
        asText(
          given.map((one) => ({
            passed: one.passed,
            assessed_at: one.assessedAt,
            links: { user: one.student },
          })),
        ),
      );
      expect(resultsBody([...given])).toBe(resultsBody(given));
    }),
  );
});
