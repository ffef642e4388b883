/* Tells eslint-plugin-boundaries where an import of ours points: `#folder/file.ts` and relative paths, both written in full. */
const { existsSync } = require('node:fs');
const { dirname, resolve } = require('node:path');

const src = resolve(__dirname, '../src');

module.exports = {
  interfaceVersion: 2,
  /** @param {string} specifier @param {string} importer */
  resolve(specifier, importer) {
    const path = specifier.startsWith('#')
      ? resolve(src, specifier.slice(1))
      : specifier.startsWith('.')
        ? resolve(dirname(importer), specifier)
        : undefined;
    return path !== undefined && existsSync(path) ? { found: true, path } : { found: false };
  },
};
