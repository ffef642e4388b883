import { isIP } from 'node:net';
import * as v from 'valibot';
import { withFiles } from './settings-files.ts';

/** What the environment says, checked and with defaults filled in. */
export interface Settings {
  readonly port: number;
  readonly host: string;
  /** Origin under which browsers reach us; absent: whatever loopback name or address they used. */
  readonly publicOrigin?: string;
  readonly dataDir: string;
  /** Absent: SQLite in the data directory. */
  readonly databaseUrl?: string;
  /** Absent: the embedded school. */
  readonly canvas?: { readonly origin: string; readonly clientId: string; readonly clientSecret: string };
  /** Absent: made once and kept in the data directory. */
  readonly sessionSecret?: string;
  /** Where `/metrics` is served, apart from everything else; absent: nowhere. */
  readonly metrics?: { readonly host: string; readonly port: number; readonly asked: boolean };
  /** Addresses of the proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** Tablets that several people use: Canvas asks for name and password at every sign-in. */
  readonly sharedTablets: boolean;
  /** From which level on lines are logged; absent: as the terminal suggests. */
  readonly logLevel?: LogLevel;
}

export type LogLevel = 'info' | 'warn' | 'error';

/** Where Prometheus looks for exporters; nothing else uses it. */
const usualMetricsPort = 9464;

/** Thrown with one line for each setting that cannot be used; never with a secret in it. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

const optionalText = v.optional(v.pipe(v.string(), v.trim()), '');

const port = v.pipe(
  v.string(),
  v.regex(/^\d{1,5}$/, 'must be a port number'),
  v.transform(Number),
  v.maxValue(65_535, 'must be at most 65535'),
);

const origin = v.pipe(
  optionalText,
  v.check(
    (text) => text === '' || originOf(text) !== undefined,
    'must be an address like https://marks.school.example, without a path',
  ),
  v.transform((text) => originOf(text)),
);

const canvasOrigin = v.pipe(
  origin,
  v.check(
    (text) => text === undefined || text.startsWith('https:') || isLoopback(text),
    'must start with https:// (a token sent over plain http is as good as published)',
  ),
);

const schema = v.pipe(
  v.object({
    PORT: v.pipe(
      optionalText,
      v.transform((text) => text || '8080'),
      port,
    ),
    HOST: v.pipe(
      optionalText,
      v.transform((text) => text || '127.0.0.1'),
    ),
    PUBLIC_URL: origin,
    DATA_DIR: v.pipe(
      optionalText,
      v.transform((text) => text || './data'),
    ),
    DATABASE_URL: v.pipe(
      optionalText,
      v.check(
        (text) => text === '' || /^(sqlite:|postgres(ql)?:\/\/)/.test(text),
        'must start with postgres:// or sqlite:',
      ),
    ),
    CANVAS_URL: canvasOrigin,
    CANVAS_CLIENT_ID: optionalText,
    CANVAS_CLIENT_SECRET: optionalText,
    SESSION_SECRET: v.pipe(
      optionalText,
      v.check(
        (text) => text === '' || text.length >= 32,
        'must have at least 32 characters (try: openssl rand -base64 33)',
      ),
    ),
    METRICS_HOST: v.pipe(
      optionalText,
      v.transform((text) => text || '127.0.0.1'),
    ),
    METRICS_PORT: v.pipe(
      optionalText,
      v.union([v.picklist(['', 'off']), port], 'must be a port number, or off'),
    ),
    TRUSTED_PROXIES: v.pipe(
      optionalText,
      v.transform((text) => (text || '127.0.0.1,::1').split(',').map((one) => one.trim())),
      v.everyItem((one) => isIP(one) !== 0, 'must be addresses with commas between them'),
    ),
    SHARED_TABLETS: v.pipe(
      optionalText,
      v.picklist(['', '0', '1', 'no', 'yes', 'false', 'true'], 'must be yes or no'),
      v.transform((text) => /^(1|yes|true)$/.test(text)),
    ),
    LOG_LEVEL: v.pipe(optionalText, v.picklist(['', 'info', 'warn', 'error'], 'must be info, warn or error')),
  }),
  v.forward(
    v.check(
      (env) => env.CANVAS_URL === undefined || env.CANVAS_CLIENT_ID !== '',
      'is needed with CANVAS_URL',
    ),
    ['CANVAS_CLIENT_ID'],
  ),
  v.forward(
    v.check(
      (env) => env.CANVAS_URL === undefined || env.CANVAS_CLIENT_SECRET !== '',
      'is needed with CANVAS_URL',
    ),
    ['CANVAS_CLIENT_SECRET'],
  ),
);

/**
 * Reads the settings from environment variables, and secrets also from files (`X_FILE`); an empty one counts as unset.
 * @throws SettingsError naming every variable that cannot be used, and why
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = withFiles(environment);
  const parsed = v.safeParse(schema, given.environment);
  if (!parsed.success || given.problems.length > 0) {
    const lines = (parsed.issues ?? []).map(
      (issue) => `${v.getDotPath(issue) ?? 'settings'} ${issue.message}`,
    );
    throw new SettingsError([...given.problems, ...lines].join('\n'));
  }
  const env = parsed.output;
  const metrics = metricsOf(env);
  return {
    port: env.PORT,
    host: env.HOST,
    dataDir: env.DATA_DIR,
    trustedProxies: env.TRUSTED_PROXIES,
    sharedTablets: env.SHARED_TABLETS,
    ...(metrics === undefined ? {} : { metrics }),
    ...(env.LOG_LEVEL === '' ? {} : { logLevel: env.LOG_LEVEL }),
    ...(env.PUBLIC_URL === undefined ? {} : { publicOrigin: env.PUBLIC_URL }),
    ...(env.DATABASE_URL === '' ? {} : { databaseUrl: env.DATABASE_URL }),
    ...(env.SESSION_SECRET === '' ? {} : { sessionSecret: env.SESSION_SECRET }),
    ...(env.CANVAS_URL === undefined
      ? {}
      : {
          canvas: {
            origin: env.CANVAS_URL,
            clientId: env.CANVAS_CLIENT_ID,
            clientSecret: env.CANVAS_CLIENT_SECRET,
          },
        }),
  };
}

/** A server on any free port is one of several or a test's: it claims no well-known port beside it. */
function metricsOf(env: v.InferOutput<typeof schema>): Settings['metrics'] {
  const { METRICS_HOST: host, METRICS_PORT: wanted, PORT } = env;
  if (wanted === 'off' || (wanted === '' && PORT === 0)) return undefined;
  return { host, port: wanted === '' ? usualMetricsPort : wanted, asked: wanted !== '' };
}

/** @returns undefined unless `text` is an http(s) address and nothing more */
function originOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const plain = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  return plain && /^https?:$/.test(url.protocol) ? url.origin : undefined;
}

function isLoopback(address: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(address).hostname);
}
