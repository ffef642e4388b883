import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const entry = fileURLToPath(new URL('./worker.ts', import.meta.url));

/** A worker as one plain file, for as long as it is needed. */
export interface WorkerProgram {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Bundles a worker with all that it runs. Run from its sources it takes a quarter longer: tsx names every function
 * anew each time it comes into being, and a schedule makes many thousands of them.
 */
export async function buildWorker(): Promise<WorkerProgram> {
  const cache = `${root}.cache/simulator`;
  await mkdir(cache, { recursive: true });
  const outDir = await mkdtemp(`${cache}/worker-`);
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: true },
    build: { ssr: entry, outDir, minify: false, target: 'node20' },
  });
  return { path: `${outDir}/worker.js`, remove: () => rm(outDir, { recursive: true, force: true }) };
}
