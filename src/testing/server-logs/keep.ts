import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { header, type HttpMessage } from '../http-framing.ts';

/*
 * What servers say while tests run, and what they must never say, put away for the search at the suite's end
 * (`main.ts`). The suite names the folder; a test that is run by itself keeps nothing.
 */

/** Set by `.config/suite.mjs`. */
export const logFolderVariable = 'TAPMARK_SERVER_LOGS';
const folder = process.env[logFolderVariable];

let opened = 0;

/** A server begins. @returns takes what it says, on whichever output */
export function openLog(): (text: string) => void {
  if (folder === undefined) return () => undefined;
  opened += 1;
  const file = join(folder, `${process.pid}-${opened}.log`);
  return (text) => appendFileSync(file, text);
}

/** A value that must stand in no log, and what it is. */
export interface Secret {
  readonly kind: string;
  readonly value: string;
}

/** Shorter ones are words like `1`, and nobody's secret. */
const shortest = 8;
const kept = new Set<string>();

export function keepSecret(kind: string, value: string | null | undefined): void {
  if (folder === undefined || value == null || value.length < shortest || kept.has(value)) return;
  kept.add(value);
  const secret: Secret = { kind, value };
  appendFileSync(join(folder, `${process.pid}.secrets`), `${JSON.stringify(secret)}\n`);
}

/** The tokens, codes and cookies in one message of HTTP, whichever way it went. */
export function keepSecretsOf(message: HttpMessage): void {
  if (folder === undefined) return;
  keepSecret('token', header(message, 'authorization')?.replace(/^Bearer /i, ''));
  for (const [name, value] of message.headers) {
    const pairs = /^cookie$/i.test(name) ? value.split(';') : /^set-cookie$/i.test(name) ? [value] : [];
    for (const pair of pairs) keepSecret('cookie', /=([^;]*)/.exec(pair)?.[1]);
  }
  const [, target = ''] = message.start.split(' ');
  const query = new URLSearchParams(target.split('?')[1] ?? '');
  for (const name of ['code', 'state', 'access_token']) keepSecret(name, query.get(name));
  const body = message.body.toString('latin1');
  if (target.startsWith('/login/oauth2/token')) {
    const form = new URLSearchParams(body);
    for (const name of ['code', 'refresh_token', 'code_verifier', 'client_secret'])
      keepSecret(name, form.get(name));
  }
  for (const [, name = '', value] of body.matchAll(/"((?:access|refresh)_token)"\s*:\s*"([^"]+)"/g))
    keepSecret(name, value);
}
