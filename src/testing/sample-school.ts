import { type Database, openDatabase } from '#server/database/database.ts';
import { runCommand } from '#server/school/commands.ts';
import { schoolMigrations } from '#server/school/migrations.ts';
import type { DeveloperKey, SchoolOptions } from '#server/school/options.ts';
import { createSchool, type EmbeddedSchool } from '#server/school/school.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';

export const schoolOrigin = 'http://school.test';

/** A developer key with a secret, and one of a public client. */
export const testKeys = {
  confidential: {
    clientId: '7001',
    clientSecret: 'a secret of the tests',
    name: 'Marking <program>',
    redirectUris: ['https://marks.test/return', 'urn:ietf:wg:oauth:2.0:oob'],
  },
  open: { clientId: '7002', clientSecret: null, name: 'Open program', redirectUris: ['https://open.test'] },
} as const satisfies Record<string, DeveloperKey>;

/** The sample school in a database of its own, on a clock that only the test moves. */
export interface SampleSchool {
  readonly school: EmbeddedSchool;
  readonly database: Database;
  readonly clock: ManualClock;
  /** What nobody foresaw: a test that leaves something here has found a bug. */
  readonly unexpected: unknown[];
  readonly tokenFor: (login: string) => Promise<string>;
  /** Sends a request with a token; undefined: without. */
  readonly send: (token: string | undefined, path: string, init?: RequestInit) => Promise<Response>;
  readonly close: () => Promise<void>;
}

export async function openSampleSchool(
  options: Partial<SchoolOptions> & { readonly url?: string } = {},
): Promise<SampleSchool> {
  const { url = 'sqlite::memory:', ...rest } = options;
  const clock = createManualClock();
  const unexpected: unknown[] = [];
  const database = await openDatabase({ url, migrations: schoolMigrations });
  const school = await createSchool({
    database,
    clock,
    developerKeys: Object.values(testKeys),
    onUnexpected: (error) => unexpected.push(error),
    ...rest,
  });
  const tokens = new Map<string, Promise<string>>();
  async function makeToken(login: string): Promise<string> {
    const lines: string[] = [];
    await runCommand(['token', login], {
      database,
      clock,
      origin: schoolOrigin,
      print: (line) => lines.push(line),
    });
    return lines.at(-1) ?? '';
  }
  return {
    school,
    database,
    clock,
    unexpected,
    tokenFor(login) {
      const known = tokens.get(login) ?? makeToken(login);
      tokens.set(login, known);
      return known;
    },
    send(token, path, init = {}) {
      const headers = new Headers(init.headers);
      if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
      return school.fetch(new Request(schoolOrigin + path, { redirect: 'manual', ...init, headers }));
    },
    async close() {
      await school.close();
      await database.close();
    },
  };
}
