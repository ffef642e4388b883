import { Agent, request } from 'node:http';

export interface Answered {
  readonly perSecond: number;
  readonly p99Ms: number;
}

/** One request of a load; `n` counts from 0. */
export interface Ask {
  readonly url: string;
  readonly token?: string;
  /** JSON; absent: a GET. */
  readonly body?: string;
}

/**
 * Sends requests over kept connections, on each the next one when the last is answered.
 * @throws on any answer but a 200 or 201
 */
export async function answer(
  count: number,
  connections: number,
  askFor: (n: number) => Ask,
): Promise<Answered> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const tookMs: number[] = [];
  let begun = 0;
  const startedMs = performance.now();
  const one = async () => {
    while (begun < count) {
      begun += 1;
      const atMs = performance.now();
      await send(agent, askFor(begun - 1));
      tookMs.push(performance.now() - atMs);
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  const perSecond = count / ((performance.now() - startedMs) / 1000);
  agent.destroy();
  tookMs.sort((a, b) => a - b);
  return { perSecond, p99Ms: tookMs[Math.floor(tookMs.length * 0.99)] ?? 0 };
}

function send(agent: Agent, { url, token, body }: Ask): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    };
    const asking = request(url, { agent, headers, method: body === undefined ? 'GET' : 'POST' }, (reply) => {
      reply.resume();
      reply.once('end', () => {
        if (reply.statusCode === 200 || reply.statusCode === 201) resolve();
        else reject(new Error(`${url} answered ${reply.statusCode}`));
      });
    });
    asking.once('error', reject);
    asking.end(body);
  });
}

/** For people. */
export function told({ perSecond, p99Ms }: Answered): string {
  return `${perSecond.toFixed(0)}/s, p99 ${p99Ms.toFixed(0)} ms`;
}
