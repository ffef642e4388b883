import { afterAll, beforeAll } from 'vitest';

/** Somebody of the sample school one can sign in as. */
export type Login = 'teacher' | 'coteacher' | 'ta' | 'designer' | 'student' | 'observer' | 'admin';

export interface SubjectRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS' | 'HEAD';
  /** With its query, beginning with `/api/v1`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A way to a Canvas that holds the sample school: the school itself, or a gateway before it. */
export interface CanvasSubject {
  /** Sends a request as this person; undefined: as nobody. */
  request(login: Login | undefined, request: SubjectRequest): Promise<Response>;
  /** The origin that absolute addresses in the answers must have. */
  readonly origin: string;
  close(): Promise<void>;
}

/** An answer, read to its end. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined when the text is no JSON. */
  readonly body: unknown;
}

/** What tests do in the name of a person. */
export interface Person {
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Reply>;
  readonly post: (path: string, body: unknown) => Promise<Reply>;
  readonly send: (request: SubjectRequest) => Promise<Reply>;
}

export interface OpenedSubject {
  readonly as: (login: Login | undefined) => Person;
  readonly origin: () => string;
}

/** Opens a subject for the tests of a file, and closes it after them. */
export function useSubject(open: () => Promise<CanvasSubject>): OpenedSubject {
  let subject: CanvasSubject | undefined;
  beforeAll(async () => {
    subject = await open();
  });
  afterAll(() => subject?.close());
  const opened = () => {
    if (subject === undefined) throw new Error('the subject is not open yet');
    return subject;
  };
  return {
    origin: () => opened().origin,
    as: (login) => {
      const send = async (request: SubjectRequest) => readReply(await opened().request(login, request));
      return {
        send,
        get: (path, headers = stringIds) => send({ method: 'GET', path, headers }),
        post: (path, body) =>
          send({
            method: 'POST',
            path,
            headers: { ...stringIds, 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }),
      };
    },
  };
}

export const stringIds = { accept: 'application/json+canvas-string-ids' };

export async function readReply(response: Response): Promise<Reply> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A rejection in the form of contract §1.5: a message, and no `errors`. */
export function rejection(message: string) {
  return { status: 'bad_request', message };
}

export const noRight = {
  status: 'unauthorized',
  errors: [{ message: 'user not authorized to perform that action' }],
};

export const missing = { errors: [{ message: 'The specified resource does not exist.' }] };

export const genericFailure = {
  errors: [{ message: 'An error occurred.', error_code: 'internal_server_error' }],
};
