import { Agent, request } from 'node:http';

/** What a number of requests took. */
export interface Load {
  /** Each request's time to the end of its answer, ms, in no order. */
  readonly tookMs: readonly number[];
  readonly perSecond: number;
}

/**
 * Asks for one address again and again over kept connections, each asking anew when it has its answer.
 * @throws on any answer but a 200
 */
export async function load(options: {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly requests: number;
}): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections });
  const tookMs: number[] = [];
  let begun = 0;
  const startedMs = performance.now();
  const one = async () => {
    while (begun < options.requests) {
      begun += 1;
      const atMs = performance.now();
      await ask(options.url, options.headers, agent);
      tookMs.push(performance.now() - atMs);
    }
  };
  await Promise.all(Array.from({ length: options.connections }, one));
  const wholeS = (performance.now() - startedMs) / 1000;
  agent.destroy();
  return { tookMs, perSecond: tookMs.length / wholeS };
}

function ask(url: string, headers: Readonly<Record<string, string>>, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { agent, headers }, (answer) => {
      answer.resume();
      answer.once('end', () => {
        if (answer.statusCode === 200) resolve();
        else reject(new Error(`${url} answered ${answer.statusCode}`));
      });
      answer.once('error', reject);
    });
    asking.once('error', reject);
    asking.end();
  });
}
