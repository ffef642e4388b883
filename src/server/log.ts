/** Writes a line for whoever runs the server. Standard output is left to the one line with the address. */
export function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Logs what nobody foresaw, for a developer to look at: the error and where it arose, no request, name or token. */
export function report(error: unknown): void {
  log(error instanceof Error ? (error.stack ?? error.message) : 'an unexpected failure');
}
