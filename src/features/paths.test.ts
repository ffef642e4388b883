import { describe, expect, it } from 'vitest';
import type { AssessmentKey, CourseId } from '#domain/ids.ts';
import { classPath, unescapePart } from './paths.ts';

const course = '10000000000000001' as CourseId;

describe('addresses of classes', () => {
  it('leaves our own keys readable', () => {
    expect(classPath(course, '2026-11-23,outcome_52' as AssessmentKey)).toBe(
      '/courses/10000000000000001/2026-11-23,outcome_52',
    );
  });

  it.each(['50% / day ~1', '%2F', '~7E', 'a/b?c#d', 'قراءة', '<script>', 'ä, b'])(
    'brings back the key %s as it was',
    (key) => {
      const part = classPath(course, key as AssessmentKey).split('/')[3] ?? '';
      expect(decodeURI(part)).toBe(part);
      expect(unescapePart(part)).toBe(key);
    },
  );

  it('refuses a part that nobody wrote', () => {
    expect(unescapePart('~')).toBeUndefined();
    expect(unescapePart('%E0%A4%A')).toBeUndefined();
  });
});
