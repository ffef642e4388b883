import * as v from 'valibot';
import {
  accountHeader,
  attemptHeader,
  epochHeader,
  installationHeader,
  stampHeader,
} from '#canvas/gateway-wire.ts';

const uuid = v.pipe(v.string(), v.regex(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i), v.toLowerCase());
const epoch = v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number));
const account = v.pipe(v.string(), v.regex(/^\d{1,20}$/));

/** What a request of the app says of its sender; a header that makes no sense counts as absent. */
export interface SenderHeaders {
  readonly attempt: string | undefined;
  readonly installation: string | undefined;
  readonly epoch: number | undefined;
  readonly account: string | undefined;
  readonly stamp: string | undefined;
}

export function readSenderHeaders(headers: Pick<Headers, 'get'>): SenderHeaders {
  const read = <T>(schema: v.GenericSchema<unknown, T>, name: string): T | undefined => {
    const parsed = v.safeParse(schema, headers.get(name));
    return parsed.success ? parsed.output : undefined;
  };
  return {
    attempt: read(uuid, attemptHeader),
    installation: read(uuid, installationHeader),
    epoch: read(epoch, epochHeader),
    account: read(account, accountHeader),
    stamp: headers.get(stampHeader) ?? undefined,
  };
}

/** True for a well-formed attempt id in a path; `undefined` otherwise. */
export function readAttemptId(text: string): string | undefined {
  const parsed = v.safeParse(uuid, text);
  return parsed.success ? parsed.output : undefined;
}
