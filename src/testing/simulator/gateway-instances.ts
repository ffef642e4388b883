import type { AttemptRepository } from '#server/gateway/attempts/repository.ts';
import { createModelGateway, type GatewayRequest } from '../model-gateway.ts';
import type { ModelAnswer } from '../model-canvas.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { worldStartMs, type SyncWorld } from '../sync-world.ts';

/** Longest pause of an instance between two of its steps; or one so long that the deadline has passed. */
const pauseMs = 10_000;
const veryLongMs = 100_000;

/** Several instances of the gateway on one memory; each may pause, and stop for good, at every step. */
export class GatewayInstances {
  private instances: { handle: (request: GatewayRequest) => Promise<ModelAnswer>; alive: boolean }[] = [];
  private readonly world: SyncWorld;
  private readonly random: SeededRandom;
  /** Chance that a step of an instance takes long. */
  pauses = 0;

  constructor(world: SyncWorld, random: SeededRandom, count: number) {
    this.world = world;
    this.random = random;
    for (let n = 0; n < count; n += 1) this.instances.push(this.start());
    world.server = (request) => this.random.pick(this.instances).handle(request);
  }

  /** One instance dies, with everything it had under way, and another takes its place. */
  crash(): void {
    const n = this.random.below(this.instances.length);
    const old = this.instances[n];
    if (old !== undefined) old.alive = false;
    this.instances[n] = this.start();
  }

  /** The database is lost, and with it every instance. */
  loseMemory(): void {
    for (let n = 0; n < this.instances.length; n += 1) {
      const old = this.instances[n];
      if (old !== undefined) old.alive = false;
      this.instances[n] = this.start();
    }
    this.world.attempts.lose();
  }

  private start() {
    const { world } = this;
    const instance = {
      alive: true,
      handle: (_: GatewayRequest) => Promise.reject<ModelAnswer>(new Error('starting')),
    };
    const whileAlive = <T>(promise: Promise<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        promise.then(
          (value) => {
            if (instance.alive) resolve(value);
          },
          (error: unknown) => {
            if (instance.alive) reject(error instanceof Error ? error : new Error(String(error)));
          },
        );
      });
    const clock = world.time.clock(worldStartMs + this.random.below(2_000) - 1_000);
    const step = async <T>(act: () => Promise<T>): Promise<T> => {
      await whileAlive(this.pause());
      const value = await whileAlive(act());
      await whileAlive(this.pause());
      return value;
    };
    const { attempts } = world;
    const repository: AttemptRepository = {
      memory: () => attempts.memory(),
      begin: (candidate) => step(() => attempts.begin(candidate)),
      barIfAbsent: (request) => step(() => attempts.barIfAbsent(request)),
      end: (id, ending) => step(() => attempts.end(id, ending)),
      find: (id) => step(() => attempts.find(id)),
      hear: (sender, atMs) => step(() => attempts.hear(sender, atMs)),
      forget: (beforeMs) => attempts.forget(beforeMs),
    };
    instance.handle = createModelGateway({
      repository,
      clock: { ...clock, sleep: (ms, signal) => whileAlive(clock.sleep(ms, signal)) },
      user: () => world.user,
      upstream: (request) => whileAlive(world.network.upstream(request, () => world.canvas.handle(request))),
      direct: !world.withGateway,
    });
    return instance;
  }

  private pause(): Promise<void> {
    if (this.pauses === 0 || !this.random.chance(this.pauses)) return Promise.resolve();
    const ms = this.random.chance(0.2) ? veryLongMs : this.random.below(pauseMs);
    return new Promise((resolve) => {
      this.world.time.after(ms, resolve);
    });
  }
}
