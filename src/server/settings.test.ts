import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keptSessionSecret } from './session-secret.ts';
import { readSettings, SettingsError } from './settings.ts';

test('serves the embedded school on the loopback when nothing is set', () => {
  expect(readSettings({})).toEqual({ port: 8080, host: '127.0.0.1', dataDir: './data' });
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
