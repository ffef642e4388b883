import * as v from 'valibot';
import {
  devicesPath,
  deviceSignOutPath,
  setUpPath,
  type DevicesAnswer,
  type SetUpAnswer,
} from './gateway-wire.ts';
import { signedOutSchema } from './schemas.ts';
import type { Until } from './neighbours.ts';
import type { Wire } from './wire.ts';

export interface SetUpReport extends SetUpAnswer {
  /** The server's clock as it answered, ms since 1970; absent when it did not say. */
  readonly serverDateMs: number | undefined;
}

/** What the gateway itself can be asked beside Canvas's API, by people who look after the set-up. */
export interface GatewayDesk {
  readDevices(until?: Until): Promise<DevicesAnswer>;
  /** Ends the session on one of this person's devices. */
  signOutDevice(device: string): Promise<void>;
  /** What of a lesson will work. */
  checkSetUp(course: string | undefined, until?: Until): Promise<SetUpReport>;
}

const devicesSchema = v.object({
  devices: v.array(
    v.object({
      id: v.string(),
      name: v.string(),
      signedInAt: v.pipe(v.string(), v.isoTimestamp()),
      seenAt: v.pipe(v.string(), v.isoTimestamp()),
      current: v.boolean(),
    }),
  ),
});

const points = [
  'reach',
  'clock',
  'courses',
  'students',
  'sections',
  'outcomes',
  'create',
  'align',
  'list',
  'post',
  'mastery',
] as const;
const whys = [
  'page',
  'redirect',
  'strange',
  'too-large',
  'cut-off',
  'late',
  'no-connection',
  'signed-out',
  'no-scope',
  'no-right',
  'missing',
  'throttled',
  'clock',
  'none',
] as const;

const setUpSchema = v.object({
  findings: v.array(
    v.object({
      point: v.picklist(points),
      state: v.picklist(['ok', 'wrong', 'unknown']),
      why: v.exactOptional(v.picklist(whys)),
    }),
  ),
});

/** Above the gateway's own patience with each of the questions it asks Canvas. */
const checkTimeoutMs = 50_000;

/** @throws the CanvasError family, each method */
export function createGatewayDesk(wire: Wire): GatewayDesk {
  return {
    readDevices: async (until) => {
      const { value } = await wire.ask(devicesSchema, { path: devicesPath, signal: until });
      return value;
    },
    signOutDevice: async (device) => {
      await wire.ask(signedOutSchema, { path: deviceSignOutPath(device), body: '{}', wanted: [200, 204] });
    },
    checkSetUp: async (course, until) => {
      const { value, answer } = await wire.ask(setUpSchema, {
        path: setUpPath,
        body: JSON.stringify(course === undefined ? {} : { course }),
        timeoutMs: checkTimeoutMs,
        signal: until,
      });
      return { ...value, serverDateMs: answer.serverDateMs };
    },
  };
}
