import { defineConfig, devices } from '@playwright/test';
import { findChromium } from '../.config/chromium.mjs';

const chromium = findChromium();
const report = process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'];

export const launchOptions = chromium === undefined ? {} : { executablePath: chromium };

/** The built app on the built server, one of each for every test. Nothing is tried twice: a flake is a failure. */
export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: report === undefined ? [['list']] : [['list'], ['json', { outputFile: report }]],
  use: {
    ...devices['Desktop Chrome'],
    viewport: { width: 1024, height: 768 },
    hasTouch: true,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    // Specs about being offline allow it; the others must not depend on what it kept.
    serviceWorkers: 'block',
    // Recording every test in case it fails takes a good part of the run: asked for, where a failure is looked into.
    trace: process.env['E2E_TRACE'] === undefined ? 'off' : 'retain-on-failure',
    launchOptions,
  },
});
