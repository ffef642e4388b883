import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DevicesAnswer } from '#canvas/gateway-wire.ts';
import { signIn, startGatewayServer, type GatewayServer } from '#testing/gateway-server.ts';
import type { TestBrowser } from '#testing/test-browser.ts';
import { deviceName } from './device-name.ts';

let server: GatewayServer;
beforeEach(async () => {
  server = await startGatewayServer();
});
afterEach(async () => {
  await server.close();
  expect(server.reported).toEqual([]);
});

const devicesOf = async (browser: TestBrowser) =>
  ((await (await browser.go('/tapmark/devices')).json()) as DevicesAnswer).devices;
const signOut = (browser: TestBrowser, device: string, headers: Record<string, string> = {}) =>
  browser.go(`/tapmark/devices/${device}/sign-out`, { method: 'POST', body: '{}', headers });

test('shows a person where they are signed in, and signs one of the devices out, at Canvas too', async () => {
  const [tablet, desk] = [server.browser(), server.browser()];
  await signIn(tablet);
  await signIn(desk);
  const devices = await devicesOf(desk);
  expect(devices).toHaveLength(2);
  const other = devices.find(({ current }) => !current);
  expect((await signOut(desk, other?.id ?? '')).status).toBe(204);
  expect(await (await tablet.go('/tapmark/session')).json()).toMatchObject({ signedIn: false });
  expect(await devicesOf(desk)).toHaveLength(1);
  expect(server.canvas.grants.at(-1)).toBe('revoke');
});

test('the name of a device opens nothing: not as a cookie, not for strangers, not from other sites', async () => {
  const [tablet, stranger] = [server.browser(), server.browser()];
  await signIn(tablet);
  const [device] = await devicesOf(tablet);
  stranger.cookies.set('tapmark', device?.id ?? '');
  expect((await stranger.go('/tapmark/devices')).status).toBe(401);
  expect((await signOut(stranger, device?.id ?? '')).status).toBe(401);
  const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
  expect((await signOut(tablet, device?.id ?? '', foreign)).status).toBe(403);
  expect((await signOut(tablet, 'x')).status).toBe(404);
  expect(await devicesOf(tablet)).toHaveLength(1);
});

test.each([
  [
    'Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1',
    'iPad, Safari',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.0 Safari/605.1.15',
    'iPad or Mac, Safari',
  ],
  [
    'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36',
    'Chromebook, Chrome',
  ],
  [
    'Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36',
    'Android, Chrome',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0',
    'Windows, Edge',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0', 'Linux, Firefox'],
  ['curl/8', 'Unknown device'],
  [null, 'Unknown device'],
])('calls %s %s', (userAgent, name) => {
  expect(deviceName(userAgent)).toBe(name);
});
