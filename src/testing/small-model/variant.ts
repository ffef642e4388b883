import { readFile, rm } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import type { explore } from './explore.ts';
import type { Patch } from './mutants.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The checker with everything it explores, as one program. */
interface Checker {
  readonly explore: typeof explore;
}

/**
 * Bundles the checker and the code that it explores into one file, with patches in the source, and loads it. The
 * files themselves stay as they are.
 * @param name a folder under `.cache/small-model` while it is loaded; a new one each time
 * @throws when the text of a patch is not there exactly once, or its file is not part of the program: a mutant is
 *   never the original by mistake
 */
export async function loadVariant(name: string, patches: readonly Patch[]): Promise<Checker> {
  const applied = new Set<Patch>();
  const outDir = `${root}.cache/small-model/${name}`;
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    plugins: [
      {
        name: 'mutant',
        enforce: 'pre',
        async load(id) {
          const own = patches.filter((patch) => id === `${root}src/${patch.file}`);
          if (own.length === 0) return undefined;
          let code = await readFile(id, 'utf8');
          for (const patch of own) {
            code = replaceOnce(code, patch);
            applied.add(patch);
          }
          return { code, moduleType: 'ts' };
        },
      },
    ],
    ssr: { noExternal: true },
    build: {
      ssr: 'src/testing/small-model/explore.ts',
      outDir,
      emptyOutDir: true,
      minify: false,
      target: 'node20',
    },
  });
  for (const patch of patches) {
    if (!applied.has(patch)) throw new Error(`${name}: ${patch.file} is not part of what is explored`);
  }
  try {
    return (await import(pathToFileURL(`${outDir}/explore.js`).href)) as Checker;
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}

function replaceOnce(code: string, { file, find, put }: Patch): string {
  const parts = code.split(find);
  if (parts.length !== 2)
    throw new Error(`${file} has the text to be replaced ${parts.length - 1} times: ${find}`);
  return parts.join(put);
}
