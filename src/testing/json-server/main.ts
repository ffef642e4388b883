/*
 * json-server as a team would put it beside an app under development, with one route of its own: results come in
 * batches, and each is kept as a row that json-server's own lists can find. Prints its address. Argument: a JSON file.
 */
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';

interface Rows {
  readonly insert: (row: object) => { readonly value: () => object };
}

interface Store {
  readonly get: (name: string) => Rows;
  readonly write: () => Promise<void>;
}

interface Reply {
  readonly status: (code: number) => { readonly jsonp: (body: unknown) => void };
}

type Handler = (request: { readonly body: { readonly results: object[] } }, reply: Reply) => void;

interface JsonServer {
  readonly create: () => {
    readonly use: (...parts: readonly unknown[]) => void;
    readonly post: (path: string, handler: Handler) => void;
    readonly listen: (port: number, host: string, listening: () => void) => Server;
  };
  readonly router: (store: unknown) => { readonly db: Store };
  readonly defaults: (options: object) => unknown;
  readonly bodyParser: unknown;
}

const require = createRequire(import.meta.url);
const jsonServer = require('json-server') as JsonServer;
// The same store that its command line opens.
const load = require('json-server/lib/cli/utils/load') as (file: string) => Promise<unknown>;

const router = jsonServer.router(await load(process.argv[2] ?? ''));
const app = jsonServer.create();
app.use(jsonServer.defaults({ logger: false }));
app.use(jsonServer.bodyParser);
app.post('/batches', ({ body }, reply) => {
  const stored = body.results.map((row) => router.db.get('results').insert(row).value());
  void router.db.write().then(() => {
    reply.status(201).jsonp({ results: stored });
  });
});
app.use(router);
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}\n`);
});
