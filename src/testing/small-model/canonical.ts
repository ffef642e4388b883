/** Times that nothing is decided by: written for people, or told by the moment at which they were learnt. */
const leftOut = new Set([
  'armedAt',
  'endedAt',
  'settledAt',
  'confirmedAt',
  'heldAt',
  'heldUntil',
  'at',
  'failures',
]);

/**
 * A value as text, the same for the same value wherever on the time line it stands: times for people are left
 * out, and gateway stamps are told by their age.
 */
export function canonical(value: unknown, nowMs: number): string {
  if (typeof value === 'string') return /^1\./.test(value) ? ageOfStamp(value, nowMs) : value;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one, nowMs)).join()}]`;
  if (value instanceof Set) return canonical([...(value as Set<unknown>)], nowMs);
  if (value instanceof Map) return canonical([...(value as Map<unknown, unknown>)], nowMs);
  let text = '{';
  for (const name in value) {
    if (leftOut.has(name)) continue;
    text += `${name}:${canonical((value as Record<string, unknown>)[name], nowMs)},`;
  }
  return `${text}}`;
}

function ageOfStamp(stamp: string, nowMs: number): string {
  const [, memory = '', at = ''] = stamp.split('.');
  return `${memory}-${nowMs - Number.parseInt(at, 36)}`;
}
