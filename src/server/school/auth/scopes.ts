import { insufficientScopes } from '../http/refusal.ts';
import type { Parameters } from '../http/parameters.ts';
import type { School } from '../school-parts.ts';
import type { Caller } from './access-tokens.ts';

/** Whether this token may do only what its scopes say: its developer key demands it, or it was made so by hand. */
function isLimited(school: School, caller: Caller): boolean {
  if (caller.clientId === null) return caller.scopes !== null;
  const key = school.developerKeys.find(({ clientId }) => clientId === caller.clientId);
  return key?.enforcesScopes ?? false;
}

/**
 * Holds a limited token to its scopes, and cuts `include` down unless its key allows includes: silently, as
 * Canvas does, so that a client misses fields and sees no error (contract §3.1).
 * @returns the parameters the call may use
 * @throws Refusal 401 without `WWW-Authenticate`
 */
export function withinScopes(
  school: School,
  caller: Caller,
  scope: string,
  parameters: Parameters,
): Parameters {
  if (!isLimited(school, caller)) return parameters;
  if (!(caller.scopes ?? '').split(' ').includes(scope)) throw insufficientScopes();
  const key = school.developerKeys.find(({ clientId }) => clientId === caller.clientId);
  return key?.allowsIncludes === true ? parameters : withoutIncludes(parameters);
}

function withoutIncludes(parameters: Parameters): Parameters {
  const { include, includes, ...rest } = parameters;
  const isHarmless = [include, includes].flat().includes('uuid');
  return isHarmless ? { ...rest, include: ['uuid'] } : rest;
}

const scopePattern = /^(?:url:(?:GET|POST|PUT|PATCH|DELETE)\|\/api\/[\w/:-]+|\/auth\/userinfo)$/;

/** Whether this is a scope as Canvas spells them (contract §3.1). */
export function isScope(text: string): boolean {
  return scopePattern.test(text);
}
