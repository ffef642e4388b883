import { systemClock } from '#lib/clock.ts';
import type { LogLevel } from './settings.ts';

/** What a line says beside its event: short words and numbers. Never a name, a token, a body or an address with a query. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Logger {
  readonly info: (event: string, fields?: LogFields) => void;
  readonly warn: (event: string, fields?: LogFields) => void;
  /** What nobody foresaw, for a developer to look at: the error and where it arose. */
  readonly report: (error: unknown) => void;
}

const order: Readonly<Record<LogLevel, number>> = { info: 0, warn: 1, error: 2 };

/**
 * One JSON object a line: `{"time":…,"level":…,"event":…}` and the fields. Standard output is left to the one line
 * with the address.
 */
export function createLogger(options: {
  readonly level: LogLevel;
  readonly write?: (line: string) => void;
}): Logger {
  const write = options.write ?? ((line) => void process.stderr.write(line));
  const say = (level: LogLevel, event: string, fields: LogFields = {}): void => {
    if (order[level] < order[options.level]) return;
    write(
      `${JSON.stringify({ time: new Date(systemClock.wallMs()).toISOString(), level, event, ...fields })}\n`,
    );
  };
  return {
    info: (event, fields) => say('info', event, fields),
    warn: (event, fields) => say('warn', event, fields),
    report: (error) => say('error', 'unexpected', { error: wordsOf(error) }),
  };
}

/** For the person at the terminal, before there is a logger or after it: plain words. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The stack, without anything as long as a key: a driver may put what it was given into its message. */
function wordsOf(error: unknown): string {
  const words = error instanceof Error ? (error.stack ?? error.message) : 'an unexpected failure';
  return words.replace(/[\w+=~-]{32,}/g, '[long text]');
}
