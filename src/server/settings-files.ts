import { readFileSync } from 'node:fs';

/** What may come from a file, as container platforms and systemd hand secrets over: `X_FILE` holds the path. */
const fromFile = ['CANVAS_CLIENT_ID', 'CANVAS_CLIENT_SECRET', 'SESSION_SECRET', 'DATABASE_URL'] as const;

/** A file larger than this is no secret but a mistake in the path. */
const largestSecret = 16 * 1024;

/**
 * The environment with every `X_FILE` read into `X`; spaces and line ends around a secret are not part of it.
 * @returns beside it one line for each file that cannot be used, never with a file's content in it
 */
export function withFiles(environment: Readonly<Record<string, string | undefined>>): {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly problems: readonly string[];
} {
  const filled = { ...environment };
  const problems: string[] = [];
  for (const name of fromFile) {
    const path = environment[`${name}_FILE`]?.trim() ?? '';
    if (path === '') continue;
    if ((environment[name]?.trim() ?? '') !== '') {
      problems.push(`${name}_FILE and ${name} are both set: keep one`);
      continue;
    }
    const text = readSmall(path);
    if (text === undefined || text === '') problems.push(`${name}_FILE names a file that ${whyNot(text)}`);
    else filled[name] = text;
  }
  return { environment: filled, problems };
}

function whyNot(text: string | undefined): string {
  return text === '' ? 'is empty' : 'cannot be read, or is too long to be a secret';
}

function readSmall(path: string): string | undefined {
  try {
    const bytes = readFileSync(path);
    return bytes.byteLength > largestSecret ? undefined : bytes.toString('utf8').trim();
  } catch {
    return undefined;
  }
}
