import type { Plugin } from 'vite';

/** Writes down which source is in which chunk, and what each chunk imports: `npm run size` counts by it. */
export function chunkList(): Plugin {
  return {
    name: 'tapmark-chunk-list',
    apply: 'build',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).flatMap((file) =>
        file.type === 'chunk'
          ? [{ file: file.fileName, imports: file.imports, sources: file.moduleIds }]
          : [],
      );
      this.emitFile({ type: 'asset', fileName: '.vite/chunks.json', source: JSON.stringify(chunks) });
    },
  };
}
