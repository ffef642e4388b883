import { isScope } from '../auth/scopes.ts';
import type { Parameters } from '../http/parameters.ts';
import { Refusal } from '../http/refusal.ts';
import type { DeveloperKey } from '../options.ts';
import { findKey, mayReturnTo } from './developer-keys.ts';

/** What a program asked for when it sent somebody to the sign-in page. */
export interface AuthorizationRequest {
  readonly key: DeveloperKey;
  readonly redirectUri: string;
  readonly state: string | null;
  readonly scopes: string | null;
  readonly purpose: string | null;
  readonly codeChallenge: string | null;
}

/** An error that is told to the program by sending the browser back to it (contract §3.2). */
export class AuthorizationError extends Error {
  override readonly name = 'AuthorizationError';
  readonly redirectUri: string;
  readonly parameters: Readonly<Record<string, string>>;
  constructor(
    request: { readonly redirectUri: string; readonly state: string | null },
    error: string,
    description: string,
  ) {
    super(error);
    this.redirectUri = request.redirectUri;
    this.parameters = {
      error,
      error_description: description,
      ...(request.state === null ? {} : { state: request.state }),
    };
  }
}

/** The names under which a request travels through the sign-in form. */
export const requestFields = [
  'client_id',
  'redirect_uri',
  'response_type',
  'state',
  'scope',
  'purpose',
  'code_challenge',
  'code_challenge_method',
] as const;

/**
 * Judges a request, from the address or from the sign-in form: the form is no more to be trusted.
 * @throws Refusal where the browser must not be sent back: unknown client 401, wrong address 400
 * @throws AuthorizationError for the rest
 */
export function readAuthorizationRequest(
  keys: readonly DeveloperKey[],
  parameters: Parameters,
): AuthorizationRequest {
  const key = findKey(keys, parameters['client_id']);
  if (key === undefined) throw oauthError(401, 'invalid_client', 'unknown client');
  const redirectUri = parameters['redirect_uri'];
  if (!mayReturnTo(key, redirectUri)) {
    throw oauthError(400, 'invalid_request', 'redirect_uri does not match client settings');
  }
  const request = {
    key,
    redirectUri,
    state: text(parameters['state']),
    scopes: text(parameters['scope']),
    purpose: text(parameters['purpose']),
    codeChallenge: text(parameters['code_challenge']),
  };
  if (parameters['response_type'] !== 'code') {
    throw new AuthorizationError(
      request,
      'unsupported_response_type',
      'Only response_type=code is permitted',
    );
  }
  const { prompt } = parameters;
  if (prompt === 'none') {
    // There are no web sessions: a shared tablet must never sign the next person in as the last one.
    throw new AuthorizationError(request, 'login_required', 'prompt=none but there is no session');
  }
  if (prompt !== undefined && prompt !== 'login') {
    throw new AuthorizationError(request, 'unsupported_prompt_type', 'prompt must be "none" or "login"');
  }
  requireSoundChallenge(request, parameters['code_challenge_method']);
  requireKnownScopes(request);
  return request;
}

/** A key that holds its tokens to scopes must ask for some, spelled as Canvas spells them. */
function requireKnownScopes(request: AuthorizationRequest): void {
  if (request.key.enforcesScopes !== true) return;
  const scopes = request.scopes?.split(' ') ?? [];
  if (scopes.length > 0 && scopes.every(isScope)) return;
  const description = 'A requested scope is invalid, unknown, malformed, or exceeds the scope granted';
  throw new AuthorizationError(request, 'invalid_scope', description);
}

/** S256 is the only method; a client without a secret has nothing else to prove itself by. */
function requireSoundChallenge(request: AuthorizationRequest, method: unknown): void {
  const { codeChallenge, key } = request;
  if (codeChallenge === null) {
    if (key.clientSecret !== null) return;
    throw new AuthorizationError(request, 'invalid_request', 'code_challenge is required');
  }
  if (method !== 'S256' || !/^[\w~.-]{43,128}$/.test(codeChallenge)) {
    throw new AuthorizationError(request, 'invalid_request', 'code_challenge_method must be S256');
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && !value.includes('\0') ? value : null;
}

/** An OAuth error answered in place (contract §3.2). */
export function oauthError(status: number, error: string, description: string): Refusal {
  return new Refusal(
    status,
    { error, error_description: description },
    status === 401 ? { 'www-authenticate': 'Canvas OAuth 2.0' } : {},
  );
}
