import * as v from 'valibot';

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
}

/** Thrown with one line for each setting that cannot be used; never with a secret in it. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

const optionalText = v.optional(v.pipe(v.string(), v.trim()), '');

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
      v.optional(v.string(), '8080'),
      v.trim(),
      v.transform((text) => (text === '' ? '8080' : text)),
      v.regex(/^\d{1,5}$/, 'must be a port number'),
      v.transform(Number),
      v.maxValue(65_535, 'must be at most 65535'),
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
 * Reads the settings from environment variables; an empty one counts as unset.
 * @throws SettingsError naming every variable that cannot be used, and why
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const parsed = v.safeParse(schema, environment);
  if (!parsed.success) {
    const lines = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'settings'} ${issue.message}`);
    throw new SettingsError(lines.join('\n'));
  }
  const env = parsed.output;
  return {
    port: env.PORT,
    host: env.HOST,
    dataDir: env.DATA_DIR,
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
