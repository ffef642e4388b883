import { monitorEventLoopDelay } from 'node:perf_hooks';
import { systemClock } from '#lib/clock.ts';
import type { Logger } from './log.ts';
import { serveHttp } from './http-server.ts';
import type { Settings } from './settings.ts';

export interface MetricsServer {
  /** Absent when there is none. */
  readonly address: string | undefined;
  close(): Promise<void>;
}

/**
 * `GET /metrics` on a port of its own, so that no proxy in front of the app can let it out by mistake.
 * @param page what the gateway counts; the process's own numbers are added
 * @throws when a port that was asked for cannot be had; the usual one is done without
 */
export async function serveMetrics(
  settings: Settings['metrics'],
  page: () => Promise<string>,
  log: Pick<Logger, 'warn'>,
): Promise<MetricsServer> {
  const none = { address: undefined, close: () => Promise.resolve() };
  if (settings === undefined) return none;
  const lag = monitorEventLoopDelay({ resolution: 10 });
  try {
    const http = await serveHttp({ fetch: answer, host: settings.host, port: settings.port });
    lag.enable();
    return {
      address: http.address,
      close() {
        lag.disable();
        return http.close();
      },
    };
  } catch (error) {
    if (settings.asked) throw error;
    log.warn('metrics-port-taken', {
      port: settings.port,
      hint: 'set METRICS_PORT to a free port, or to off',
    });
    return none;
  }

  async function answer(request: Request): Promise<Response> {
    if (new URL(request.url).pathname !== '/metrics' || request.method !== 'GET') {
      return new Response('not found\n', { status: 404 });
    }
    const text = `${await page()}${processPage(lag.percentile(99) / 1e9)}`;
    lag.reset();
    return new Response(text, {
      headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' },
    });
  }
}

function processPage(lagS: number): string {
  const { user, system } = process.cpuUsage();
  const numbers = {
    process_cpu_seconds_total: (user + system) / 1e6,
    process_resident_memory_bytes: process.memoryUsage.rss(),
    process_start_time_seconds: Math.round(systemClock.wallMs() / 1000 - process.uptime()),
    nodejs_eventloop_lag_p99_seconds: lagS,
  };
  return Object.entries(numbers)
    .map(
      ([name, value]) =>
        `# TYPE ${name} ${name.endsWith('_total') ? 'counter' : 'gauge'}\n${name} ${value}\n`,
    )
    .join('');
}
