import type { Call } from './call.ts';

/** One address of the API and what answers it. */
export interface Endpoint {
  readonly method: 'GET' | 'POST';
  /** With its parts named as Canvas names them, since scopes are spelled so. */
  readonly path: string;
  readonly handle: (call: Call) => Promise<Response>;
}

/** The OAuth scope that lets a token use an endpoint (contract §1, §3.1). */
export function scopeOf({ method, path }: Pick<Endpoint, 'method' | 'path'>): string {
  return `url:${method}|${path}`;
}
