import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { VitePWAOptions } from 'vite-plugin-pwa';

const built = new URL('../dist/app/', import.meta.url);

type Transform = NonNullable<VitePWAOptions['injectManifest']['manifestTransforms']>[number];

/** By its hash a part that was lost and is fetched again is known to be of the installed version. */
const withHashes: Transform = async (manifest) => ({
  manifest: await Promise.all(
    manifest.map(async (entry) => {
      const hash = createHash('sha256').update(await readFile(new URL(entry.url, built)));
      return { ...entry, integrity: `sha256-${hash.digest('base64')}` };
    }),
  ),
});

/**
 * The installable app: our own service worker with the precache list filled in, a new version offered and never
 * forced. The page registers the worker itself, because the content security policy forbids inline scripts.
 */
export const pwa: Partial<VitePWAOptions> = {
  strategies: 'injectManifest',
  srcDir: 'src',
  filename: 'service-worker.ts',
  registerType: 'prompt',
  injectRegister: false,
  injectManifest: {
    globPatterns: ['**/*.{js,css,html,svg,png,woff2}'],
    // Only the installer asks for these, once and with a network.
    globIgnores: ['icons/*-512.png', 'docs/**'],
    rollupFormat: 'iife',
    manifestTransforms: [withHashes],
  },
  includeManifestIcons: false,
  manifest: {
    id: '/',
    name: 'Tapmark',
    short_name: 'Tapmark',
    description: 'Tap pass or fail on a class list; every mark is kept, and reaches Canvas exactly once.',
    lang: 'en',
    start_url: '/',
    scope: '/',
    display: 'standalone',
    orientation: 'any',
    theme_color: '#ffffff',
    background_color: '#f4f5f2',
    icons: [
      { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png' },
      { src: '/icons/maskable-192.png', sizes: '192x192', type: 'image/png', purpose: 'maskable' },
      { src: '/icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
  },
};
