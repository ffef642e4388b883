import type { WireFetch } from '#canvas/answer.ts';
import { attemptHeader } from '#canvas/gateway-wire.ts';
import type { GatewayRequest } from '../model-gateway.ts';
import { throttled, type ModelAnswer, type ModelCanvas, type ModelRow } from '../model-canvas.ts';
import { kindOf, type RequestKind } from '../model-network.ts';
import type { MemoryAttempts } from '../memory-attempts.ts';
import { teacher } from '../sync-world.ts';
import { gatewayPollMs, serveRequest, type Apart, type Gate, type HeardEpochs } from './gateway.ts';
import type { Fault, Happening } from './happening.ts';
import type { ModelTime } from './model-time.ts';
import type { Oracle } from './oracle.ts';
import type { Post } from './posts.ts';
import type { Tab } from './tab.ts';
import { countRows, marksOf, told, wireOf, without } from './wire.ts';

/** How the answer to a list is falsified. */
type ListFault = 'short' | 'empty' | 'stale' | undefined;

export interface NetworkDeps {
  readonly time: ModelTime;
  readonly canvas: ModelCanvas;
  readonly attempts: MemoryAttempts;
  readonly oracle: Oracle;
  readonly gateway: boolean;
  readonly apart: Apart;
  await(happening: Happening): void;
}

/** Everything between the tabs and Canvas: requests whose every step the checker decides. */
export class Network {
  /** POSTs that have not come to an end. */
  posts: Post[] = [];
  readonly heard: HeardEpochs = { highest: 0 };
  /** True: reads come from a replica that lacks every row it may lack. */
  lagging = false;
  private readonly deps: NetworkDeps;
  private copies = 0;

  constructor(deps: NetworkDeps) {
    this.deps = deps;
  }

  fetchFor(tab: Tab): WireFetch {
    return (url, { method, headers, body, signal }) => {
      const path = url.replace(/^https?:\/\/[^/]+/, '');
      const request: GatewayRequest = { method, path, headers, ...(body === undefined ? {} : { body }) };
      const kind = kindOf(method, path);
      return new Promise((resolve, reject) => {
        let over = false;
        const once = (what: string, act: () => void) => {
          if (!over) tab.deliver(what, act);
          over = true;
        };
        const ends: Ends = {
          answered: (answer) => {
            once(told(kind, answer), () => {
              resolve(wireOf(answer));
            });
          },
          failed: () => {
            once(`${kind} failed`, () => {
              reject(new TypeError('network'));
            });
          },
        };
        const abort = () => {
          over = true;
          reject(new TypeError('aborted'));
        };
        signal?.addEventListener('abort', abort, { once: true });
        if (kind === 'post') this.post(tab, request, ends);
        else this.ask(tab, kind, request, ends);
      });
    };
  }

  /** Drops what would only take effect later than A1 allows. @param expiryOf undefined: not yet bounded */
  expire(expiryOf: (post: Post) => number | undefined): void {
    const { nowMs } = this.deps.time;
    for (const post of this.held()) if ((expiryOf(post) ?? Infinity) <= nowMs) this.drop(post);
  }

  held(): readonly Post[] {
    return this.posts.filter((post) => post.where === 'held' || post.where === 'held-behind');
  }

  drop(post: Post): void {
    post.where = 'done';
    this.posts = this.posts.filter((other) => other !== post);
  }

  /** A question: it arrives, is answered and heard of in one step, as nobody else takes part in it. */
  private ask(tab: Tab, kind: RequestKind, request: GatewayRequest, ends: Ends): void {
    const beganMs = this.deps.time.nowMs;
    const gate: Gate = (step) =>
      new Promise((resolve) => {
        this.deps.await({ kind: 'ask', label: `${tab.name}: ${kind} ${step}`, tab, act: resolve });
      });
    const go = (fault?: ListFault) => {
      const answer = this.serve(request, gate, () => {
        const said = this.canvasSays(request, fault);
        if (kind === 'read')
          this.deps.oracle.read({ tab: tab.name, beganMs, path: request.path, answer: said });
        return Promise.resolve(said);
      });
      answer.then(ends.answered, ends.failed);
    };
    const step = kind === 'probe' ? 'small talk' : 'ask';
    tab.happens(step, `asks: ${kind}`, go, () => this.faultsOfQuestion(kind, request, go, ends));
  }

  private faultsOfQuestion(
    kind: RequestKind,
    request: GatewayRequest,
    go: (fault?: ListFault) => void,
    ends: Ends,
  ): readonly Fault[] {
    const faults: Fault[] = [{ kind: 'read-lost', label: `${kind} is lost`, act: ends.failed }];
    if (kind !== 'read') return faults;
    const shown = (fault?: ListFault) => countRows(this.canvasSays(request, fault));
    if (shown() > 0)
      faults.push({ kind: 'short-read', label: 'read lacks every row', act: () => go('empty') });
    if (shown() > 1) faults.push({ kind: 'short-read', label: 'read lacks a row', act: () => go('short') });
    if (!this.lagging && shown('stale') < shown())
      faults.push({
        kind: 'lag',
        label: 'read from a replica, as all that follow',
        act: () => {
          this.lagging = true;
          this.deps.oracle.lags();
          go();
        },
      });
    return faults;
  }

  private post(tab: Tab, request: GatewayRequest, ends: Ends): void {
    const attempt = request.headers[attemptHeader] ?? '';
    const marks = marksOf(request.body ?? '');
    this.deps.oracle.posted({ tab: tab.name, attempt, marks });
    this.send({ tab, request, ends, attempt, marks });
  }

  private send(sent: Sent): void {
    const { tab, attempt, marks, ends, request } = sent;
    this.copies += 1;
    const post: Post = {
      id: `${attempt}/${this.copies}`,
      attempt,
      marks,
      tab,
      sentAtMs: this.deps.time.nowMs,
      where: 'sent',
      goOn: () => {
        this.arrive(post, request, ends);
      },
      trail: '',
      mute: false,
      refused: false,
    };
    this.posts.push(post);
    const hold = () => {
      post.where = 'held';
    };
    this.deps.await({
      kind: 'post',
      label: `POST ${post.id} arrives`,
      unheard: () => tab.life === 'dead',
      act: post.goOn,
      faults: () => [
        {
          kind: 'hold',
          label: `POST ${post.id} is held, its connection breaks`,
          act: () => {
            hold();
            ends.failed();
          },
        },
        { kind: 'hold', label: `POST ${post.id} is held`, act: hold },
        {
          kind: 'repeat',
          label: `POST ${post.id} is put on its way twice`,
          act: () => {
            this.send(sent);
            post.goOn();
          },
        },
        ...(this.deps.gateway ? [] : [this.lostAnswer(post, post.goOn), this.refusal(post, post.goOn)]),
      ],
    });
  }

  private lostAnswer(post: Post, goOn: () => void): Fault {
    return {
      kind: 'answer-lost',
      label: `POST ${post.id} takes effect, its answer is lost`,
      act: () => {
        post.mute = true;
        goOn();
      },
    };
  }

  private refusal(post: Post, goOn: () => void): Fault {
    return {
      kind: 'refused',
      label: `POST ${post.id} is refused by Canvas`,
      act: () => {
        post.refused = true;
        goOn();
      },
    };
  }

  private arrive(post: Post, request: GatewayRequest, ends: Ends): void {
    post.where = 'arrived';
    const gate: Gate = (step) =>
      new Promise((resolve) => {
        post.trail += `${step};`;
        this.deps.await({
          kind: 'post',
          label: `POST ${post.id} ${step}`,
          act: resolve,
          unheard: () => post.tab.life === 'dead',
        });
      });
    const end = (act: () => void) => {
      // Held behind the gateway it outlives its answer.
      if (post.where !== 'held-behind') this.drop(post);
      act();
    };
    this.serve(request, gate, () => this.forward(post, request)).then(
      (answer) => {
        end(() => (post.mute ? ends.failed() : ends.answered(answer)));
      },
      () => {
        end(ends.failed);
      },
    );
  }

  /** From the gateway to Canvas. Where there is none, arriving is all. */
  private forward(post: Post, request: GatewayRequest): Promise<ModelAnswer | 'no-connection'> {
    const commit = () => this.commit(post, request);
    if (!this.deps.gateway) return Promise.resolve(commit());
    post.where = 'forwarded';
    return new Promise((resolve, reject) => {
      const broken = () => {
        reject(new Error('no answer'));
      };
      const goOn = () => {
        post.where = 'arrived';
        resolve(commit());
      };
      this.deps.await({
        kind: 'post',
        label: `POST ${post.id} takes effect`,
        unheard: () => post.tab.life === 'dead',
        act: goOn,
        faults: () => [
          this.lostAnswer(post, goOn),
          {
            kind: 'answer-lost',
            label: `POST ${post.id} takes effect, the gateway does not hear of it`,
            act: () => {
              post.where = 'arrived';
              commit();
              broken();
            },
          },
          {
            kind: 'hold',
            label: `POST ${post.id} is held behind the gateway`,
            act: () => {
              post.where = 'held-behind';
              post.goOn = () => {
                this.drop(post);
                commit();
              };
              broken();
            },
          },
          this.refusal(post, goOn),
          {
            kind: 'no-connection',
            label: `POST ${post.id} finds no connection to Canvas`,
            act: () => {
              post.where = 'arrived';
              resolve('no-connection');
            },
          },
        ],
      });
    });
  }

  private commit(post: Post, request: GatewayRequest): ModelAnswer {
    const { canvas, oracle } = this.deps;
    const before = canvas.rows.length;
    const answer = post.refused ? throttled() : canvas.handle({ ...request, user: teacher });
    oracle.reached(post.attempt, canvas.rows.slice(before));
    return answer;
  }

  private serve(
    request: GatewayRequest,
    gate: Gate,
    upstream: () => Promise<ModelAnswer | 'no-connection'>,
  ): Promise<ModelAnswer> {
    const { attempts, time, gateway, apart } = this.deps;
    return serveRequest(request, {
      attempts,
      apart,
      clock: time.clock((resume) => {
        this.deps.await({ kind: 'post', label: 'the gateway wakes', act: resume });
      }, gatewayPollMs),
      user: teacher,
      upstream,
      direct: !gateway,
      gate,
      heard: this.heard,
    });
  }

  private canvasSays(request: GatewayRequest, fault: ListFault): ModelAnswer {
    const { canvas, oracle } = this.deps;
    const isRow = (row: ModelRow) => !(this.lagging || fault === 'stale') || !oracle.mayBeMissing(row);
    canvas.mood.shuffle = (rows) => rows.filter(isRow);
    const answer = canvas.handle({ ...request, user: teacher });
    if (fault === 'short') return without(answer, 1);
    return fault === 'empty' ? without(answer, Infinity) : answer;
  }
}

interface Ends {
  readonly answered: (answer: ModelAnswer) => void;
  readonly failed: () => void;
}

interface Sent {
  readonly tab: Tab;
  readonly request: GatewayRequest;
  readonly ends: Ends;
  readonly attempt: string;
  readonly marks: readonly string[];
}
