import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { withSecurityHeaders } from './security-headers.ts';

const headersOf = (response = new Response('x'), secure = false) =>
  withSecurityHeaders(response, secure).headers;
const policy = headersOf().get('content-security-policy') ?? '';

test('allows nothing inline, nothing evaluated, nothing from elsewhere, and no frame', () => {
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  expect(policy).toMatch(/^default-src 'none';/);
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(headersOf().get('x-content-type-options')).toBe('nosniff');
});

test.each(['interactions/usePress.mjs', 'overlays/usePreventScroll.mjs'])(
  'knows the style that React Aria adds in %s',
  (file) => {
    const code = readFileSync(
      fileURLToPath(new URL(`../../../node_modules/react-aria/dist/private/${file}`, import.meta.url)),
      'utf8',
    );
    const style = /style\.textContent = `([^`]*)`\.trim\(\)/.exec(code)?.[1] ?? '';
    const text = style.replace(/\$\{[^}]*PRESSABLE_ATTRIBUTE\}/, 'data-react-aria-pressable').trim();
    expect(text).toMatch(/^@layer/);
    expect(policy).toContain(`'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  },
);

test('leaves what an answer brings of its own, asks for TLS only behind TLS, and keeps every cookie', () => {
  const cookies = new Headers([
    ['set-cookie', 'a=1'],
    ['set-cookie', 'b=2'],
    ['referrer-policy', 'no-referrer'],
  ]);
  const headers = headersOf(new Response(null, { headers: cookies }), true);
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(headers.get('strict-transport-security')).toMatch(/^max-age=/);
  expect(headersOf().has('strict-transport-security')).toBe(false);
});

test('takes answers that may not be changed', () => {
  expect(withSecurityHeaders(Response.redirect('http://own.test/', 302), false).status).toBe(302);
});
