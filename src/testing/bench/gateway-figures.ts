import { median, type Figure } from './figures.ts';
import { load } from './gateway-load.ts';
import { startPlaces, type Places } from './gateway-places.ts';

/** A class list, as each start of a lesson reads it. */
const path = '/api/v1/courses/1/users?per_page=50';
const rounds = 8;
const requestsPerRound = { 1: 400, 64: 1_500 } as const;
const largeRun = 100_000;

type Place = 'direct' | 'nginx' | 'nginxKept' | 'gateway';

interface Taken {
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly perSecond: number;
}

/**
 * What the gateway adds to a read of the same Canvas, next to nginx as it comes (`proxy_pass` and nothing else), and
 * whether its process grows. The places take turns, so that a busy moment of the machine falls on all of them.
 */
export async function gatewayFigures(): Promise<Figure[]> {
  const places = await startPlaces();
  try {
    const figures: Figure[] = [];
    for (const connections of [1, 64] as const) {
      const figure = await added(places, connections);
      if (figure !== undefined) figures.push(figure);
    }
    return [...figures, await memory(places)];
  } finally {
    await places.close();
  }
}

async function added(places: Places, connections: 1 | 64): Promise<Figure | undefined> {
  if (places.nginx === undefined) {
    process.stderr.write('no nginx on this machine: the gateway is not compared with it\n');
    return undefined;
  }
  const addresses: Record<Place, string> = { ...places, ...places.nginx };
  const names: readonly Place[] = ['direct', 'nginx', 'nginxKept', 'gateway'];
  const taken = new Map<Place, { tookMs: number[]; perSecond: number[] }>(
    names.map((name) => [name, { tookMs: [], perSecond: [] }]),
  );
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const url = addresses[name] + path;
      const requests = requestsPerRound[connections];
      const { tookMs, perSecond } = await load({
        url,
        headers: { cookie: places.cookie },
        connections,
        requests,
      });
      // The first round warms up.
      if (round === 0) continue;
      taken.get(name)?.tookMs.push(...tookMs);
      taken.get(name)?.perSecond.push(perSecond);
    }
  }
  const [direct, nginx, kept, gateway] = names.map((name) => summary(taken.get(name)));
  if (direct === undefined || nginx === undefined || kept === undefined || gateway === undefined)
    return undefined;
  const addedBy = (one: Taken) => one.medianMs - direct.medianMs;
  return {
    name: `gateway, ${connections} connection${connections === 1 ? '' : 's'}: added median against nginx`,
    measured:
      `direct ${words(direct)}; nginx ${words(nginx)}; gateway ${words(gateway)}; ` +
      `with connections kept nginx adds ${addedBy(kept).toFixed(2)} ms`,
    value: addedBy(gateway) / addedBy(nginx),
    unit: '×',
    limit: 3,
  };
}

function summary(taken: { tookMs: number[]; perSecond: number[] } | undefined): Taken | undefined {
  if (taken === undefined) return undefined;
  const sorted = [...taken.tookMs].sort((a, b) => a - b);
  return {
    medianMs: median(sorted),
    p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    perSecond: median(taken.perSecond),
  };
}

function words({ medianMs, p99Ms, perSecond }: Taken): string {
  return `${medianMs.toFixed(2)}/${p99Ms.toFixed(1)} ms, ${perSecond.toFixed(0)}/s`;
}

/** The process after a warm-up of a tenth, against the same process after all. */
async function memory(places: Places): Promise<Figure> {
  const ask = (requests: number) =>
    load({ url: places.gateway + path, headers: { cookie: places.cookie }, connections: 16, requests });
  await ask(largeRun / 10);
  const beforeBytes = await places.gatewayMemory();
  await ask(largeRun);
  const afterBytes = await places.gatewayMemory();
  const mb = (bytes: number) => (bytes / 1e6).toFixed(0);
  return {
    name: 'gateway: memory after 100,000 requests against before',
    measured: `${mb(afterBytes)} MB against ${mb(beforeBytes)} MB`,
    value: afterBytes / beforeBytes,
    unit: '×',
    limit: 1.2,
  };
}
