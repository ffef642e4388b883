/*
 * Counters and times in Prometheus's text format (version 0.0.4). Written by hand: three kinds of numbers in a hundred
 * lines, against a library with dependencies of its own. Labels come from fixed lists, so that no request can make
 * the page grow.
 */

type Labels = Readonly<Record<string, string>>;

export interface Metrics {
  /** Adds one. */
  count(name: CounterName, labels?: Labels): void;
  /** Notes how long something took. */
  time(name: TimerName, labels: Labels, ms: number): void;
  /** The page. @param gauges what is so at this moment, by name */
  page(gauges: Readonly<Record<string, number>>): string;
}

const counters = {
  tapmark_requests_total: 'Requests answered, by route, method and status.',
  tapmark_attempts_total: 'Attempts to post results, by how they ended.',
  tapmark_canvas_requests_total: 'Requests put before Canvas, by kind and end.',
  tapmark_sign_ins_total: 'Sign-ins, by how they ended.',
  tapmark_rate_limited_total: 'Requests refused because there were too many, by whom they were counted.',
  tapmark_pictures_total: "Students' pictures asked for, by how that ended.",
  tapmark_sessions_replayed_total: 'Sessions ended because an old cookie came back.',
} as const;
type CounterName = keyof typeof counters;

const timers = {
  tapmark_request_seconds: 'Time from a request to its answer.',
  tapmark_canvas_seconds: 'Time that Canvas took for the head of its answer.',
} as const;
type TimerName = keyof typeof timers;

const bucketsS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

interface Histogram {
  readonly buckets: number[];
  sumS: number;
  count: number;
}

export function createMetrics(): Metrics {
  const counted = new Map<CounterName, Map<string, number>>();
  const timed = new Map<TimerName, Map<string, Histogram>>();

  return {
    count(name, labels = {}) {
      const series = seriesOf(counted, name);
      const key = keyOf(labels);
      series.set(key, (series.get(key) ?? 0) + 1);
    },

    time(name, labels, ms) {
      const series = seriesOf(timed, name);
      const key = keyOf(labels);
      const known = series.get(key);
      const histogram = known ?? { buckets: bucketsS.map(() => 0), sumS: 0, count: 0 };
      if (known === undefined) series.set(key, histogram);
      const at = bucketsS.findIndex((limit) => ms / 1000 <= limit);
      if (at !== -1) histogram.buckets[at] = (histogram.buckets[at] ?? 0) + 1;
      histogram.sumS += ms / 1000;
      histogram.count += 1;
    },

    page(gauges) {
      const lines: string[] = [];
      const head = (name: string, kind: string, help = '') => {
        if (help !== '') lines.push(`# HELP ${name} ${help}`);
        lines.push(`# TYPE ${name} ${kind}`);
      };
      for (const [name, help] of Object.entries(counters)) {
        head(name, 'counter', help);
        for (const [key, value] of counted.get(name as CounterName) ?? [])
          lines.push(`${name}${braced(key)} ${value}`);
      }
      for (const [name, help] of Object.entries(timers)) {
        head(name, 'histogram', help);
        for (const [key, histogram] of timed.get(name as TimerName) ?? [])
          lines.push(...linesOf(name, key, histogram));
      }
      for (const [name, value] of Object.entries(gauges)) {
        head(name, name.endsWith('_total') ? 'counter' : 'gauge');
        lines.push(`${name} ${value}`);
      }
      return `${lines.join('\n')}\n`;
    },
  };
}

function seriesOf<N, S>(all: Map<N, Map<string, S>>, name: N): Map<string, S> {
  const known = all.get(name);
  if (known !== undefined) return known;
  const made = new Map<string, S>();
  all.set(name, made);
  return made;
}

function linesOf(name: string, key: string, { buckets, sumS, count }: Histogram): string[] {
  let below = 0;
  const within = (limit: string) => braced(key === '' ? `le="${limit}"` : `${key},le="${limit}"`);
  const lines = bucketsS.map((limit, at) => {
    below += buckets[at] ?? 0;
    return `${name}_bucket${within(String(limit))} ${below}`;
  });
  return [
    ...lines,
    `${name}_bucket${within('+Inf')} ${count}`,
    `${name}_sum${braced(key)} ${sumS}`,
    `${name}_count${braced(key)} ${count}`,
  ];
}

function keyOf(labels: Labels): string {
  let key = '';
  for (const name in labels) key += `${key === '' ? '' : ','}${name}="${escaped(labels[name] ?? '')}"`;
  return key;
}

function braced(key: string): string {
  return key === '' ? '' : `{${key}}`;
}

function escaped(value: string): string {
  return /["\\\n]/.test(value) ? value.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n') : value;
}
