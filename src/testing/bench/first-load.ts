import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Figure } from './figures.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** What `npm run size` counts, as a figure. */
export function firstLoad(): Figure {
  // Ends badly above its limit, which is the table's business here.
  const printed = run(['.config/size.mjs', '--json']);
  const [counted] = JSON.parse(printed) as { size: number; sizeLimit: number }[];
  if (counted === undefined) throw new Error('nothing was counted');
  return {
    name: 'JavaScript until the grid can be tapped, brotli',
    measured: `${counted.size} bytes`,
    value: counted.size / 1000,
    unit: 'kB',
    limit: 130,
  };
}

function run(words: string[]): string {
  try {
    return execFileSync(process.execPath, words, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}
