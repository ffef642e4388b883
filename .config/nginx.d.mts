/** @returns the path of an nginx that is on this machine */
export function findNginx(): string | undefined;
