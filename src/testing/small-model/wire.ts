import type { WireResponse } from '#canvas/answer.ts';
import type { ModelAnswer } from '../model-canvas.ts';
import type { RequestKind } from '../model-network.ts';

/** An answer as a tab hears of it. */
export function told(kind: RequestKind, { status, headers, body }: ModelAnswer): string {
  const reason = headers['x-tapmark-reason'] ?? '';
  return `${kind} ${status} ${reason} ${body}`;
}

/** Student and second: what tells two marks of the small model apart. */
export function marksOf(body: string): readonly string[] {
  const { results } = JSON.parse(body) as {
    results: readonly { assessed_at: string; links: { user: string } }[];
  };
  return results.map(({ assessed_at, links }) => `${links.user}|${assessed_at}`);
}

interface ListBody {
  readonly results: readonly unknown[];
}

export function countRows({ status, body }: ModelAnswer): number {
  return status === 200 ? (JSON.parse(body) as ListBody).results.length : 0;
}

/** Its count still counts them. */
export function without(answer: ModelAnswer, rows: number): ModelAnswer {
  const list = JSON.parse(answer.body) as ListBody;
  return { ...answer, body: JSON.stringify({ ...list, results: list.results.slice(rows) }) };
}

export function wireOf({ status, headers, body }: ModelAnswer): WireResponse {
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    status,
    headers: { get: (name) => lower.get(name.toLowerCase()) ?? null },
    text: () => Promise.resolve(body),
  };
}
