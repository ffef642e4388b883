import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { VitePWA } from 'vite-plugin-pwa';
import { defineConfig } from 'vitest/config';
import { chunkList } from './.config/chunk-list.ts';
import { findChromium } from './.config/chromium.mjs';
import { pwa } from './.config/pwa.ts';
import { serverInDevelopment } from './.config/dev-server.ts';

const testing = process.env['VITEST'] !== undefined;

/** Two programs from one package: `vite build` makes the app, `vite build --ssr` the server and its commands. */
export default defineConfig(({ isSsrBuild, command }) => {
  if (isSsrBuild === true) return serverBuild;
  return {
    plugins: [
      react(),
      chunkList(),
      ...(testing ? [] : [VitePWA(pwa)]),
      ...(command === 'serve' && !testing ? [serverInDevelopment()] : []),
    ],
    build: {
      outDir: 'dist/app',
      target: 'es2022',
      modulePreload: { polyfill: false },
      // In one file: each that a start asks for costs a slow tablet more than its few kilobytes.
      rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'start', tags: ['$initial'] }] } } },
    },
    test,
  };
});

const serverBuild = {
  publicDir: false as const,
  build: {
    ssr: true,
    outDir: 'dist/server',
    target: 'node20',
    rolldownOptions: { input: { main: 'src/server/main.ts', school: 'src/server/school/cli.ts' } },
  },
};

const setupFiles = [fileURLToPath(new URL('./src/testing/fail-on-console-error.ts', import.meta.url))];
const chromium = findChromium();

/** A busy machine is no failure: no test asserts how long something takes. */
const testTimeout = 30_000;

const metInTheBrowser = [
  '@tanstack/react-query',
  'axe-core',
  'dexie',
  'fast-check',
  'react',
  'react-aria-components/Dialog',
  'react-aria-components/Modal',
  'react-dom',
  'react-dom/client',
  'react/jsx-dev-runtime',
  'valibot',
  'wouter',
  'wouter/use-browser-location',
  'zustand',
];

const test = {
  // Beside the one browser, whose tests run in a row: by itself it would leave a core free, here one of two.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  projects: [
    {
      extends: true as const,
      test: {
        name: 'node',
        environment: 'node',
        include: ['src/**/*.test.ts', 'src/**/*.test.tsx'],
        exclude: ['src/**/*.browser.test.*'],
        setupFiles,
        testTimeout,
      },
    },
    {
      extends: true as const,
      // Found while tests run, one of these would reload the page under them.
      optimizeDeps: { include: metInTheBrowser },
      test: {
        name: 'browser',
        include: ['src/**/*.browser.test.ts', 'src/**/*.browser.test.tsx'],
        setupFiles,
        testTimeout,
        browser: {
          enabled: true,
          headless: true,
          screenshotFailures: false,
          provider: playwright({
            launchOptions: chromium === undefined ? {} : { executablePath: chromium },
          }),
          instances: [{ browser: 'chromium' as const }],
        },
      },
    },
  ],
};
