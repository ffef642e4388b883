import type { Refusal } from './refusal.ts';
import { type Json, writeJson } from './write-json.ts';

export const jsonHeaders = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'max-age=0, private, must-revalidate',
  'x-content-type-options': 'nosniff',
};

/** Errors are JSON like everything else. */
export function answerRefusal({ status, body, headers }: Refusal): Response {
  return new Response(writeJson(body as Json, false), { status, headers: { ...jsonHeaders, ...headers } });
}
