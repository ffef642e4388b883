/** The path of a Chromium that is on this machine. */
export function findChromium(): string | undefined;
