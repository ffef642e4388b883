import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apiPaths } from '#canvas/paths.ts';
import { allowedCall, scopes } from './allow-list.ts';

const own = 'http://own.test';
const call = (method: string, path: string) => allowedCall(method, new URL(path, own));

describe('what the app asks for', () => {
  test.each([
    apiPaths.self,
    apiPaths.courses,
    apiPaths.assessmentList('1'),
    apiPaths.resultList('1', '2'),
    apiPaths.resultList('1', '2', '10000000000000042'),
    apiPaths.roster('1'),
    apiPaths.students('1'),
    apiPaths.sections('1'),
    apiPaths.groups('1'),
    apiPaths.groupMembers('1'),
    apiPaths.outcomeLinks('1'),
  ])('passes: %s', (path) => {
    const allowed = call('GET', path);
    expect(allowed?.kind).toBe('read');
    const [given, passed] = [new URL(path, own), new URL(allowed?.target ?? '', own)];
    expect(passed.pathname).toBe(given.pathname);
    expect([...passed.searchParams]).toEqual([...given.searchParams]);
  });

  test('passes with the page tokens that Canvas makes up', () => {
    const path = '/api/v1/courses/1/users?page=bookmark:WyJBYWx0byIsMTFd-_~.=&per_page=100';
    expect(new URL(call('GET', path)?.target ?? '', own).searchParams.get('page')).toMatch(/^bookmark:/);
  });

  test('tells apart what may be repeated', () => {
    expect(call('POST', apiPaths.assessments('1'))?.kind).toBe('assessment');
    expect(call('POST', apiPaths.results('1', '2'))?.kind).toBe('results');
  });
});

test.each([
  ['DELETE', '/api/v1/courses/1/live_assessments/2'],
  ['PUT', '/api/v1/courses/1/live_assessments/2/results'],
  ['HEAD', '/api/v1/courses'],
  ['POST', '/api/v1/courses'],
  ['POST', '/api/v1/courses/1/users'],
  ['GET', '/api/v1/users/1'],
  ['GET', '/api/v1/accounts'],
  ['GET', '/api/v1/courses/1'],
  ['GET', '/api/v1/courses/'],
  ['GET', '/api/v1/courses/1/users/'],
  ['GET', '/api/v1/courses//users'],
  ['GET', '/api/v1/courses/sis_course_id:1/users'],
  ['GET', '/api/v1/courses/1%2f..%2f2/users'],
  ['GET', '/api/v1/courses/%31/users'],
  ['GET', '/api/v1/courses/1;x/users'],
  ['GET', '/api/v1/courses/1/live_assessments/2/results.json'],
  ['GET', '/api/v1/courses/-1/users'],
  ['GET', '/api/v1/courses/123456789012345678901/users'],
  ['GET', '/API/v1/courses'],
  ['GET', '/api/v2/courses'],
  ['GET', '/api/v1/courses?as_user_id=1'],
  ['GET', '/api/v1/courses?access_token=x'],
  ['GET', '/api/v1/courses?include[]=term&__proto__=x'],
  ['GET', '/api/v1/courses?constructor=x'],
  ['GET', '/api/v1/courses?include[]=te%20rm'],
  ['GET', '/api/v1/courses?page=1%0d%0aX-Evil:1'],
  ['GET', `/api/v1/courses?page=${'1'.repeat(5000)}`],
  ['POST', '/api/v1/courses/1/live_assessments/2/results?user_id=1'],
])('does not pass: %s %s', (method, path) => {
  expect(call(method, path)).toBeUndefined();
});

test('whatever passes is a path of the list with ids of digits and nothing else', () => {
  const bit = fc.oneof(
    fc.constantFrom(
      'api',
      'v1',
      'courses',
      'users',
      'self',
      'live_assessments',
      'results',
      'groups',
      'sections',
    ),
    fc.constantFrom('1', '22', '..', '.', '%2e%2e', '%2f', '', '~', '@evil', ':80', '\\'),
    fc.string({ maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.constantFrom('GET', 'POST'), fc.array(bit, { maxLength: 8 }), (method, bits) => {
      const path = `/api/v1/${bits.join('/')}`;
      if (!URL.canParse(path, own)) return;
      const allowed = call(method, path);
      if (allowed !== undefined)
        expect(allowed.target).toMatch(/^\/api\/v1(\/[a-z_]+|\/\d{1,20})+(\?[\w%&=.~:+-]*)?$/);
    }),
    { numRuns: 5_000 },
  );
});

test('asks for exactly the scopes of what it passes', () => {
  expect(scopes).toContain('url:POST|/api/v1/courses/:course_id/live_assessments/:assessment_id/results');
  expect(scopes).toContain('url:GET|/api/v1/users/:id');
  expect(new Set(scopes).size).toBe(scopes.length);
  expect(scopes.join(' ').length).toBeLessThan(2_000);
});

test('the deployment page lists the scopes that the key needs, all and no others', () => {
  const page = readFileSync(new URL('../deploy/README.md', import.meta.url), 'utf8');
  const listed = page.split('\n').filter((line) => line.startsWith('url:'));
  expect(listed.sort()).toEqual([...scopes].sort());
});
