const falseValues: ReadonlySet<unknown> = new Set([false, 0, '0', 'f', 'F', 'false', 'FALSE', 'off', 'OFF']);

/**
 * A pass or fail in any form that Canvas takes (contract §1.7): what is not one of the words for false is true.
 * @param value neither absent nor null
 * @returns undefined for the empty text, which is neither
 */
export function castPassed(value: unknown): boolean | undefined {
  return value === '' ? undefined : !falseValues.has(value);
}
