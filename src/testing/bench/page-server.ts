import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Isolated, so that the page's clock is fine enough to measure a write. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** Serves one empty page that runs `script`, built as the app is: minified, in production mode. */
export async function servePage(script: string): Promise<{ url: string; close: () => Promise<void> }> {
  const code = await bundle(script);
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    const type = isScript ? 'text/javascript' : 'text/html; charset=utf-8';
    response.writeHead(200, { ...headers, 'Content-Type': type });
    response.end(
      isScript ? code : '<!doctype html><title>bench</title><script type="module" src="/page.js"></script>',
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** One script with all that it imports. @returns its code */
export async function bundle(script: string): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: 'warn',
    root: fileURLToPath(new URL('../../..', import.meta.url)),
    publicDir: false,
    build: {
      write: false,
      target: 'es2022',
      rolldownOptions: { input: script, output: { codeSplitting: false } },
    },
  });
  const [built] = [output].flat();
  const chunk = built !== undefined && 'output' in built ? built.output[0] : undefined;
  if (chunk === undefined) throw new Error(`${script} did not build`);
  return chunk.code;
}
