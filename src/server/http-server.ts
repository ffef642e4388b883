import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { gatewayTimeoutMs } from '#canvas/gateway-wire.ts';

export interface HttpServer {
  /** Where it listens: `http://127.0.0.1:8080`. */
  readonly address: string;
  /** Takes no new connections, answers what it has begun, and resolves when all is answered. */
  close(): Promise<void>;
}

/** A browser that reuses a connection just as we close it loses a request: keep them longer than any browser pauses. */
const keepAliveMs = 120_000;

/** Longer than the gateway waits for Canvas; then whoever still sends or reads is cut off. */
const patienceMs = gatewayTimeoutMs + 10_000;

/**
 * Serves a fetch-like function over HTTP.
 * @param port 0: any free one
 * @throws when the port is taken or not ours to take
 */
export async function serveHttp(options: {
  /** @param peer the address at the other end of the connection */
  readonly fetch: (request: Request, peer?: string) => Promise<Response>;
  /** Answers some requests on Node's own objects: is given the way for the rest, and says whether it took one. */
  readonly direct?: (
    general: (incoming: IncomingMessage, outgoing: ServerResponse) => void,
  ) => (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;
  readonly host: string;
  readonly port: number;
}): Promise<HttpServer> {
  const listener = getRequestListener(
    (request, { incoming }) => options.fetch(request, incoming.socket.remoteAddress),
    { overrideGlobalObjects: false },
  );
  const general = (incoming: IncomingMessage, outgoing: ServerResponse) => void listener(incoming, outgoing);
  const direct = options.direct?.(general);
  const server: Server = createServer((incoming, outgoing) => {
    if (direct?.(incoming, outgoing) !== true) general(incoming, outgoing);
  });
  server.keepAliveTimeout = keepAliveMs;
  let closing = false;
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.prependListener('request', (_request, response) => {
    if (closing) response.setHeader('connection', 'close');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://${nameOf(options.host)}:${port}`,
    close: () =>
      new Promise((resolve) => {
        closing = true;
        // Node closes only what is idle right now, and not what browsers opened in advance and never used.
        const closeIdle = () => {
          server.closeIdleConnections();
          for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
        };
        const sweep = setInterval(closeIdle, 50);
        const patience = setTimeout(() => {
          server.closeAllConnections();
        }, patienceMs);
        server.close(() => {
          clearInterval(sweep);
          clearTimeout(patience);
          resolve();
        });
        closeIdle();
      }),
  };
}

function nameOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
