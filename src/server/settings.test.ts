import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keptSessionSecret } from './session-secret.ts';
import { readSettings, SettingsError } from './settings.ts';

test('serves the embedded school on the loopback when nothing is set', () => {
  expect(readSettings({})).toEqual({
    port: 8080,
    host: '127.0.0.1',
    dataDir: './data',
    metrics: { host: '127.0.0.1', port: 9464, asked: false },
    trustedProxies: ['127.0.0.1', '::1'],
    sharedTablets: false,
  });
  expect(readSettings({ PORT: '', HOST: ' ', PUBLIC_URL: '', CANVAS_URL: '' })).toEqual(readSettings({}));
});

test('takes a Canvas with its key', () => {
  const settings = readSettings({
    PORT: '0',
    PUBLIC_URL: 'https://marks.school.example/',
    CANVAS_URL: 'https://school.instructure.com',
    CANVAS_CLIENT_ID: '170000000000016',
    CANVAS_CLIENT_SECRET: 'secret',
    SESSION_SECRET: 'x'.repeat(32),
  });
  expect(settings).toMatchObject({
    port: 0,
    publicOrigin: 'https://marks.school.example',
    canvas: { origin: 'https://school.instructure.com', clientId: '170000000000016', clientSecret: 'secret' },
  });
});

test('names every setting that cannot be used, and shows no secret', () => {
  const reading = () =>
    readSettings({
      PORT: '99999',
      PUBLIC_URL: 'https://school.example/path',
      CANVAS_URL: 'http://canvas.example',
      CANVAS_CLIENT_SECRET: 'do-not-show-this',
      SESSION_SECRET: 'too-short-secret',
      DATABASE_URL: 'mysql://root:pass@host/db',
    });
  expect(reading).toThrow(SettingsError);
  for (const name of ['PORT', 'PUBLIC_URL', 'CANVAS_URL', 'SESSION_SECRET', 'DATABASE_URL']) {
    expect(reading).toThrow(new RegExp(`^${name} must`, 'm'));
  }
  expect(reading).not.toThrow(/do-not-show-this|too-short-secret|pass/);
  expect(() => readSettings({ CANVAS_URL: 'https://canvas.example' })).toThrow(/CANVAS_CLIENT_ID is needed/);
});

test('takes secrets from files, as containers and systemd hand them over', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tapmark-secret-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'canvas'), 'the secret of the key\n');
  writeFileSync(join(folder, 'empty'), '\n');
  const env = {
    CANVAS_URL: 'https://canvas.example',
    CANVAS_CLIENT_ID: '17',
    CANVAS_CLIENT_SECRET_FILE: join(folder, 'canvas'),
  };
  expect(readSettings(env).canvas?.clientSecret).toBe('the secret of the key');
  const both = { ...env, CANVAS_CLIENT_SECRET: 'other', SESSION_SECRET_FILE: join(folder, 'empty') };
  const missing = { DATABASE_URL_FILE: join(folder, 'nowhere') };
  expect(() => readSettings(both)).toThrow(
    /^CANVAS_CLIENT_SECRET_FILE and CANVAS_CLIENT_SECRET are both set[^]*^SESSION_SECRET_FILE .* is empty/m,
  );
  expect(() => readSettings(both)).not.toThrow(/the secret of the key|other/);
  expect(() => readSettings(missing)).toThrow(/^DATABASE_URL_FILE names a file that cannot be read/m);
});

test('serves metrics on the loopback, elsewhere or nowhere', () => {
  expect(readSettings({ METRICS_PORT: 'off' }).metrics).toBeUndefined();
  expect(readSettings({ PORT: '0' }).metrics).toBeUndefined();
  expect(readSettings({ METRICS_PORT: '9000', METRICS_HOST: '10.0.0.5' }).metrics).toEqual({
    host: '10.0.0.5',
    port: 9000,
    asked: true,
  });
  expect(() => readSettings({ METRICS_PORT: 'x' })).toThrow(/^METRICS_PORT must/m);
});

test('believes no proxy by a name', () => {
  expect(readSettings({ TRUSTED_PROXIES: '10.0.0.1, fe80::1' }).trustedProxies).toEqual([
    '10.0.0.1',
    'fe80::1',
  ]);
  expect(() => readSettings({ TRUSTED_PROXIES: 'proxy' })).toThrow(/^TRUSTED_PROXIES/m);
  expect(readSettings({ SHARED_TABLETS: 'yes' }).sharedTablets).toBe(true);
  expect(() => readSettings({ SHARED_TABLETS: 'maybe' })).toThrow(/^SHARED_TABLETS must/m);
});

test.each(['12x', '-1', '1e3', '٣'])('refuses the port %s', (PORT) => {
  expect(() => readSettings({ PORT })).toThrow(SettingsError);
});

test('makes the session secret once, for its owner only', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tapmark-secret-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const secret = keptSessionSecret(join(folder, 'data'));
  expect(secret.length).toBeGreaterThanOrEqual(48);
  expect(keptSessionSecret(join(folder, 'data'))).toBe(secret);
  expect(statSync(join(folder, 'data', 'session-secret')).mode & 0o777).toBe(0o600);
  writeFileSync(join(folder, 'data', 'session-secret'), 'x');
  expect(() => keptSessionSecret(join(folder, 'data'))).toThrow(/holds no secret/);
});
