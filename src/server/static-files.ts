import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

type Encoding = 'br' | 'gzip' | 'identity';

interface StaticFile {
  readonly type: string;
  readonly bytes: Buffer;
  readonly etag: string;
  readonly cacheControl: string;
  readonly packed: Map<Encoding, Promise<Buffer>>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
};

/** What the build compressed lies beside its file: compressing the app takes a slow server more than a second. */
const compressed = '.br';

/** Below this, compressing costs more than it saves. */
const smallestPacked = 1024;

/**
 * Serves a built app from memory. The folder is read once: a request's path is looked up among the files found, so
 * none can lead out of it. What Vite names by content stays cached for ever; the page, the worker and the manifest
 * are asked for again each time. Any other path that a browser navigates to gets the page: the app has its own routes.
 * @throws when the folder holds no index.html
 */
export function createStaticFiles(folder: string): (request: Request) => Promise<Response> {
  if (!existsSync(join(folder, 'index.html'))) throw new Error(`no app in ${folder}: run npm run build`);
  const files = readFolder(folder);

  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return new Response('not found\n', { status: 404 });
    }
    const { pathname } = new URL(request.url);
    const file = files.get(pathname === '/' ? '/index.html' : pathname);
    const page = isNavigation(request, pathname) ? files.get('/index.html') : undefined;
    const served = file ?? page;
    if (served === undefined) return new Response('not found\n', { status: 404 });
    return serve(served, request);
  };
}

function readFolder(folder: string, path = ''): Map<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
    // `.vite` holds the build's own records.
    if (entry.name.startsWith('.') || entry.name.endsWith(compressed)) continue;
    const inside = `${path}/${entry.name}`;
    if (entry.isDirectory()) {
      for (const [name, file] of readFolder(folder, inside)) files.set(name, file);
    } else if (entry.isFile()) {
      files.set(encodeURI(inside), readStatic(join(folder, inside), inside.startsWith('/assets/')));
    }
  }
  return files;
}

function readStatic(file: string, named: boolean): StaticFile {
  const bytes = readFileSync(file);
  const beside = file + compressed;
  return {
    type: types[extname(file)] ?? 'application/octet-stream',
    bytes,
    etag: createHash('sha256').update(bytes).digest('base64url').slice(0, 22),
    cacheControl: named ? 'public, max-age=31536000, immutable' : 'no-cache',
    packed: new Map(existsSync(beside) ? [['br', Promise.resolve(readFileSync(beside))]] : []),
  };
}

function isNavigation(request: Request, pathname: string): boolean {
  return !pathname.startsWith('/assets/') && (request.headers.get('accept') ?? '').includes('text/html');
}

async function serve(file: StaticFile, request: Request): Promise<Response> {
  const encoding = chooseEncoding(file, request.headers.get('accept-encoding') ?? '');
  const etag = `"${file.etag}-${encoding}"`;
  const headers = {
    'content-type': file.type,
    'cache-control': file.cacheControl,
    etag,
    vary: 'accept-encoding',
    ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
  };
  const known = (request.headers.get('if-none-match') ?? '')
    .split(',')
    .map((one) => one.trim().replace(/^W\//, ''));
  if (known.includes(etag)) return new Response(null, { status: 304, headers });
  const bytes = await pack(file, encoding);
  return new Response(request.method === 'HEAD' ? null : new Uint8Array(bytes), {
    headers: { ...headers, 'content-length': String(bytes.byteLength) },
  });
}

function chooseEncoding(file: StaticFile, accepted: string): Encoding {
  if (
    file.bytes.byteLength < smallestPacked ||
    !/^(text\/|application\/(json|manifest)|image\/svg)/.test(file.type)
  ) {
    return 'identity';
  }
  const names = accepted
    .split(',')
    .filter((one) => !/;\s*q=0(\.0*)?\s*$/.test(one))
    .map((one) => one.split(';')[0]?.trim());
  return names.includes('br') ? 'br' : names.includes('gzip') ? 'gzip' : 'identity';
}

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

/** Compressed once, when first asked for, unless the build did. */
function pack(file: StaticFile, encoding: Encoding): Promise<Buffer> {
  const known = file.packed.get(encoding);
  if (known !== undefined) return known;
  const made =
    encoding === 'br'
      ? brotli(file.bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: file.bytes.byteLength } })
      : encoding === 'gzip'
        ? gzipped(file.bytes, { level: 9 })
        : Promise.resolve(file.bytes);
  file.packed.set(encoding, made);
  return made;
}
