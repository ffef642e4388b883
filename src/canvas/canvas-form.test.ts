import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasFieldErrors, isCanvasForm, isThrottleText, parseJson, reasonOf } from './canvas-form.ts';

describe('the reason of a refusal', () => {
  test.each([
    [{ status: 'bad_request', message: 'user must be in the context' }, 'user must be in the context'],
    [{ status: 'unauthorized', errors: [{ message: 'no right' }] }, 'no right'],
    [{ errors: [{ field: 'title', message: 'is too long', error_code: 'too_long' }] }, 'is too long'],
    [{ errors: [{ field: 'title', message: null, error_code: 'too_long' }] }, 'title: too_long'],
    [
      { errors: [{ message: 'An error occurred.', error_code: 'internal_server_error' }] },
      'An error occurred.',
    ],
    [{ errors: 'Invalid as_user_id' }, 'Invalid as_user_id'],
    [{ errors: { title: [{ attribute: 'title', type: 'too_long', message: 'too long' }] } }, 'too long'],
    [{ status: 'bad_request', errors: [{ page: 'Invalid page' }] }, 'Invalid page'],
    [{ errors: [] }, ''],
    [null, ''],
    [42, ''],
  ])('%j', (json, reason) => {
    expect(reasonOf(json)).toBe(reason);
  });

  test('is short, whatever was sent', () => {
    expect(reasonOf({ message: 'x'.repeat(10_000) })).toHaveLength(300);
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 12 }), (json) => {
        expect(reasonOf(json).length).toBeLessThanOrEqual(300);
      }),
    );
  });
});

test('Canvas’s form is an object with errors, message or status of its own', () => {
  for (const yes of [{ errors: null }, { message: '' }, { status: 'x' }])
    expect(isCanvasForm(yes)).toBe(true);
  for (const no of [null, [], ['errors'], 'errors', 3, {}, { error: 'x' }])
    expect(isCanvasForm(no)).toBe(false);
});

test('field errors are a list with fields, or an object by field', () => {
  expect(hasFieldErrors({ errors: [{ field: 'title' }] })).toBe(true);
  expect(hasFieldErrors({ errors: { title: [] } })).toBe(true);
  for (const no of [{ errors: [] }, { errors: [{ message: 'x' }] }, { errors: {} }, { errors: 'x' }, null]) {
    expect(hasFieldErrors(no)).toBe(false);
  }
});

test('the rate limiter’s text is neither JSON nor a page', () => {
  expect(isThrottleText('text/plain', '403 Forbidden (Rate Limit Exceeded)\n')).toBe(true);
  expect(isThrottleText(null, 'rate limit exceeded')).toBe(true);
  expect(isThrottleText('text/plain', '<b>Rate Limit Exceeded</b>')).toBe(false);
  expect(isThrottleText('application/json', '"Rate Limit Exceeded"')).toBe(false);
});

test('anything at all is JSON or it is not', () => {
  expect(parseJson('null')).toEqual({ json: null });
  expect(parseJson('{')).toBeUndefined();
  expect(parseJson('['.repeat(1_000_000))).toBeUndefined();
});
