import type { AttemptRecord } from '#server/gateway/attempts/record.ts';
import type { AttemptRepository, BarResult, BeginResult } from '#server/gateway/attempts/repository.ts';
import type { MemoryAttempts } from '../memory-attempts.ts';
import { createModelGateway, type GatewayRequest, type ModelGatewayDeps } from '../model-gateway.ts';
import type { ModelAnswer } from '../model-canvas.ts';

/** Waits until the checker lets a step of a request happen. */
export type Gate = (step: string) => Promise<void>;

/** Longest sleep of the gateway between two looks at an attempt that another request has under way. */
export const gatewayPollMs = 10_000;

/** What the checker knows of the gateway's memory besides its records. */
export interface HeardEpochs {
  highest: number;
}

/** A step of the gateway's memory that is to be no longer atomic: it looks first, and writes after a pause. */
export type Apart = 'begin' | 'bar' | undefined;

interface RequestDeps extends Omit<ModelGatewayDeps, 'user' | 'repository'> {
  readonly attempts: MemoryAttempts;
  readonly apart: Apart;
  readonly gate: Gate;
  readonly heard: HeardEpochs;
  readonly user: string;
}

/**
 * Serves one request by the real ledger. Each of the two steps that the gateway's promises rest on waits for the
 * checker, so that two requests meet in every order; what lies between two of them is seen by nobody else.
 */
export function serveRequest(request: GatewayRequest, deps: RequestDeps): Promise<ModelAnswer> {
  const { attempts, apart, gate, heard } = deps;
  const hear = (epoch: number) => {
    heard.highest = Math.max(heard.highest, epoch);
  };
  const stepped: AttemptRepository = {
    ...attempts,
    begin: async (candidate) => {
      const before = apart === 'begin' ? await look(deps, candidate.id) : undefined;
      await gate('is recorded');
      hear(candidate.epoch);
      return before === undefined
        ? attempts.begin(candidate)
        : inItsPlace<BeginResult>(deps, before, () => attempts.begin(candidate));
    },
    barIfAbsent: async (bar) => {
      const before = apart === 'bar' ? await look(deps, bar.id) : undefined;
      await gate('is barred');
      return before === undefined
        ? attempts.barIfAbsent(bar)
        : inItsPlace<BarResult>(deps, before, () => attempts.barIfAbsent(bar));
    },
    hear: (sender, atMs) => {
      hear(sender.epoch);
      return attempts.hear(sender, atMs);
    },
  };
  return createModelGateway({ ...deps, repository: stepped, user: () => deps.user })(request);
}

interface Look {
  readonly id: string;
  readonly record: AttemptRecord | undefined;
}

async function look({ attempts, gate }: RequestDeps, id: string): Promise<Look> {
  await gate('is looked for');
  return { id, record: attempts.records.get(id) };
}

/** Does what the look of before allowed, whatever has come since. */
function inItsPlace<T>(
  { attempts }: RequestDeps,
  { id, record }: Look,
  write: () => Promise<T | { kind: 'known'; record: AttemptRecord }>,
): Promise<T | { kind: 'known'; record: AttemptRecord }> {
  if (record !== undefined) return Promise.resolve({ kind: 'known', record });
  (attempts.records as Map<string, AttemptRecord>).delete(id);
  return write();
}
