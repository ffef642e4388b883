import type { WireFetch, WireResponse } from '#canvas/answer.ts';
import type { GatewayRequest } from './model-gateway.ts';
import type { ModelAnswer } from './model-canvas.ts';
import type { VirtualTime } from './virtual-time.ts';

export type RequestKind = 'post' | 'read' | 'create' | 'roster' | 'probe' | 'inquiry';

/** One request on one leg of its way. */
export interface Hop {
  /** From the device to the server of the origin, or from the gateway on to Canvas. */
  readonly leg: 'device' | 'upstream';
  readonly kind: RequestKind;
  /** 1 for the first request of this kind on this leg. */
  readonly n: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What becomes of a request on a leg. All times in ms; left out: at once, and nothing goes wrong. */
export interface Fate {
  /** How long it is on its way; `never`: it does not arrive. */
  readonly arriveMs?: number | 'never';
  /** How often it arrives. */
  readonly copies?: number;
  readonly answerMs?: number;
  /** `lost`: no answer comes back. An answer of somebody else takes the place of the true one. */
  readonly answer?: 'lost' | ModelAnswer;
  /** When the sender is told that its connection broke; without it and without an answer it waits in vain. */
  readonly failMs?: number;
  /** On the upstream leg: no connection comes about. */
  readonly noConnection?: boolean;
}

/** Decides the fate of each request; undefined: all goes well. */
export type Plan = (hop: Hop) => Fate | undefined;

export function kindOf(method: string, path: string): RequestKind {
  if (path.startsWith('/tapmark/attempts/')) return 'inquiry';
  if (path.startsWith('/tapmark/')) return 'probe';
  if (path.includes('/users')) return 'roster';
  if (method === 'GET') return 'read';
  return path.endsWith('/results') ? 'post' : 'create';
}

/** A network in virtual time whose every request has the fate that a plan gives it. */
export class ModelNetwork {
  plan: Plan = () => undefined;
  /** Called when a device gets the true answer to a request of its own. */
  onAnswer: ((hop: Hop, answer: ModelAnswer) => void) | undefined;
  /** Every request that left, in order. */
  readonly hops: Hop[] = [];
  private readonly time: VirtualTime;
  private readonly counts = new Map<string, number>();

  constructor(time: VirtualTime) {
    this.time = time;
  }

  sent(kind: RequestKind, leg: Hop['leg'] = 'device'): number {
    return this.counts.get(`${leg} ${kind}`) ?? 0;
  }

  /** @param run runs something in the device: not while it is frozen, never once it is dead */
  fetchFor(
    server: (request: GatewayRequest) => Promise<ModelAnswer>,
    run: (act: () => void) => void,
  ): WireFetch {
    return (url, { method, headers, body, signal }) => {
      const path = url.replace(/^https?:\/\/[^/]+/, '');
      const request: GatewayRequest = { method, path, headers, ...(body === undefined ? {} : { body }) };
      return new Promise((resolve, reject) => {
        const fail = () => {
          run(() => {
            reject(new TypeError('network'));
          });
        };
        signal?.addEventListener('abort', fail, { once: true });
        const hop = this.hop('device', request);
        const done = (answer: ModelAnswer) => {
          run(() => {
            this.onAnswer?.(hop, answer);
            resolve(wireOf(answer));
          });
        };
        this.carry(hop, () => server(request), { done, fail });
      });
    };
  }

  /** The way from the gateway to Canvas. */
  upstream(request: GatewayRequest, canvas: () => ModelAnswer): Promise<ModelAnswer | 'no-connection'> {
    return new Promise((resolve, reject) => {
      const hop = this.hop('upstream', request);
      const fate = this.carry(hop, () => Promise.resolve(canvas()), {
        done: resolve,
        fail: () => {
          reject(new Error('no answer'));
        },
      });
      if (fate.noConnection === true) resolve('no-connection');
    });
  }

  private hop(leg: Hop['leg'], { method, path, headers, body }: GatewayRequest): Hop {
    const kind = kindOf(method, path);
    const n = this.sent(kind, leg) + 1;
    this.counts.set(`${leg} ${kind}`, n);
    const hop: Hop = { leg, kind, n, path, headers, ...(body === undefined ? {} : { body }) };
    this.hops.push(hop);
    return hop;
  }

  private carry(
    hop: Hop,
    handle: () => Promise<ModelAnswer>,
    ends: { done(answer: ModelAnswer): void; fail(): void },
  ): Fate {
    const fate = this.plan(hop) ?? {};
    if (fate.failMs !== undefined) {
      this.time.after(fate.failMs, () => {
        ends.fail();
      });
    }
    if (fate.noConnection === true) return fate;
    const replaced = typeof fate.answer === 'object' ? fate.answer : undefined;
    if (fate.arriveMs === 'never') {
      if (replaced !== undefined) this.time.after(fate.answerMs ?? 0, () => ends.done(replaced));
      return fate;
    }
    const arrive = () => {
      handle().then(
        (answer) => {
          if (fate.answer === 'lost') return;
          this.time.after(fate.answerMs ?? 0, () => {
            ends.done(replaced ?? answer);
          });
        },
        () => {
          ends.fail();
        },
      );
    };
    for (let copy = 0; copy < (fate.copies ?? 1); copy += 1) this.time.after(fate.arriveMs ?? 0, arrive);
    return fate;
  }
}

function wireOf({ status, headers, body }: ModelAnswer): WireResponse {
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    status,
    headers: { get: (name) => lower.get(name.toLowerCase()) ?? null },
    text: () => Promise.resolve(body),
  };
}
