import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pass, type Fault, type Wait } from './faults.ts';
import { header, takeMessage, writeMessage, type HttpMessage } from './http-framing.ts';
import { keepSecretsOf } from './server-logs/keep.ts';

/** What passed through, or did not. `answered`: the upstream's status, when it answered. */
export interface Passage {
  readonly method: string;
  readonly path: string;
  readonly fault: Fault['kind'];
  answered?: number;
}

export interface FaultyProxy {
  readonly url: string;
  /** In order of arrival. */
  readonly passages: readonly Passage[];
  /** How many requests are in the proxy, or between it and the upstream. */
  readonly underWay: () => number;
  /** Decides from now on what becomes of each request. */
  plan: (decide: Plan) => void;
  /** False: every connection is broken, also those that exist, as when the Wi-Fi goes. */
  setOnline: (online: boolean) => void;
  /** False: nobody listens, and connections are refused, as by a machine whose server is down. */
  setListening: (listening: boolean) => Promise<void>;
  close: () => Promise<void>;
}

export interface ProxiedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** A header of it, asked for in lower case. */
  readonly header: (name: string) => string | undefined;
}

export type Plan = (request: ProxiedRequest) => Fault;

/**
 * A proxy on loopback that treats each request as a test asks. It works on bytes and knows nothing of the app, so
 * what it breaks is broken as a network would break it.
 */
export async function startFaultyProxy(upstream: { host: string; port: number }): Promise<FaultyProxy> {
  let decide: Plan = () => pass;
  let online = true;
  let underWay = 0;
  const passages: Passage[] = [];
  const sockets = new Set<Socket>();

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    if (!online) socket.resetAndDestroy();
    else void serve(socket).catch(() => socket.destroy());
  });

  async function counted<T>(work: () => Promise<T>): Promise<T> {
    underWay += 1;
    try {
      return await work();
    } finally {
      underWay -= 1;
    }
  }

  async function serve(socket: Socket): Promise<void> {
    let buffer = Buffer.alloc(0);
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      buffer = Buffer.concat([buffer, chunk]);
      for (let request = takeMessage(buffer); request !== undefined; request = takeMessage(buffer)) {
        buffer = buffer.subarray(request.length);
        await answer(socket, request);
      }
    }
  }

  async function answer(socket: Socket, request: HttpMessage): Promise<void> {
    const [method = '', path = ''] = request.start.split(' ');
    keepSecretsOf(request);
    const fault = decide({
      method,
      path,
      body: request.body.toString('utf8'),
      header: (name) => header(request, name),
    });
    const passage: Passage = { method, path, fault: fault.kind };
    passages.push(passage);
    const send = () =>
      counted(async () => {
        const response = await forward(upstream, request);
        if (response === undefined) return undefined;
        keepSecretsOf(response);
        passage.answered = Number(response.start.split(' ')[1]);
        return response;
      });
    await counted(() => carryOut(fault, { socket, request, send, upstream }));
  }

  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const unlisten = async () => {
    if (!server.listening) return;
    for (const socket of sockets) socket.resetAndDestroy();
    server.close();
    await once(server, 'close');
  };
  const port = await listen(0);
  return {
    url: `http://127.0.0.1:${port}`,
    passages,
    underWay: () => underWay,
    plan: (next) => (decide = next),
    setOnline: (next) => {
      online = next;
      if (!online) for (const socket of sockets) socket.resetAndDestroy();
    },
    setListening: async (next) => {
      if (!next) await unlisten();
      else if (!server.listening) await listen(port);
    },
    close: unlisten,
  };
}

interface Exchange {
  readonly socket: Socket;
  readonly request: HttpMessage;
  readonly send: () => Promise<HttpMessage | undefined>;
  readonly upstream: { host: string; port: number };
}

async function carryOut(fault: Fault, { socket, request, send, upstream }: Exchange): Promise<void> {
  switch (fault.kind) {
    case 'pass':
      reply(socket, await send());
      break;
    case 'wait': {
      await wait(fault.before);
      const response = await send();
      await wait(fault.after);
      reply(socket, response);
      break;
    }
    case 'cut': {
      if (fault.at === 'half-sent') await sendHalf(upstream, request);
      const sending = fault.at === 'unsent' || fault.at === 'half-sent' ? undefined : send();
      if (fault.at === 'answered') await sending;
      if (fault.at === 'half-answered') {
        const response = await sending;
        if (response !== undefined) await flush(socket, lessHalfTheBody(response));
      }
      socket.resetAndDestroy();
      break;
    }
    case 'repeat': {
      for (let n = 1; n < fault.times; n += 1) await send();
      reply(socket, await send());
      break;
    }
    case 'strip':
      reply(socket, await send(), Object.fromEntries(fault.headers.map((name) => [name, null])));
      break;
    case 'replace-answer':
      await send();
      reply(socket, ownAnswer(fault));
      break;
    case 'answer':
      reply(socket, ownAnswer(fault));
      break;
  }
}

/** One request, one connection, so that a broken one never takes a neighbour with it. */
async function forward(
  upstream: { host: string; port: number },
  request: HttpMessage,
): Promise<HttpMessage | undefined> {
  const socket = connect(upstream);
  try {
    await once(socket, 'connect');
    socket.write(writeMessage(request, { connection: 'close' }));
    const bodyless = request.start.startsWith('HEAD ');
    let buffer = Buffer.alloc(0);
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      buffer = Buffer.concat([buffer, chunk]);
      const response = takeMessage(buffer, { bodyless });
      if (response !== undefined) return response;
    }
    return takeMessage(buffer, { bodyless, ended: true });
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}

async function sendHalf(upstream: { host: string; port: number }, request: HttpMessage): Promise<void> {
  const socket = connect(upstream);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  await flush(socket, lessHalfTheBody(request));
  socket.resetAndDestroy();
}

function reply(
  socket: Socket,
  response: HttpMessage | undefined,
  changes: Readonly<Record<string, string | null>> = {},
): void {
  if (response === undefined || socket.destroyed) {
    socket.resetAndDestroy();
    return;
  }
  // The connection to the client lives on where the answer says for itself where it ends.
  socket.write(
    writeMessage(response, { connection: response.selfFramed ? 'keep-alive' : 'close', ...changes }),
  );
  if (!response.selfFramed || header(response, 'connection') === 'upgrade') socket.end();
}

function ownAnswer(fault: {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}): HttpMessage {
  const body = Buffer.from(fault.body ?? '');
  const headers = Object.entries({ ...fault.headers, 'content-length': String(body.length) });
  return { start: `HTTP/1.1 ${fault.status} Answered`, headers, body, length: body.length, selfFramed: true };
}

async function wait(how: Wait | undefined): Promise<void> {
  if (typeof how === 'number') await sleep(how);
  else await (typeof how === 'function' ? how() : how);
}

function lessHalfTheBody(message: HttpMessage): Buffer {
  const bytes = writeMessage(message);
  return bytes.subarray(0, bytes.length - Math.ceil(message.body.length / 2));
}

function flush(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => socket.write(bytes, () => resolve()));
}
