import { Link } from 'wouter';
import { systemClock } from '#lib/clock.ts';
import { readAtWords } from './ages.ts';
import { signInScreenPath } from './paths.ts';
import { readTroubleWords } from './read-trouble.ts';
import type { ReadTrouble } from './read-trouble.ts';

interface ReadNoteProps {
  /** What it is, in the plural or as a list: "Courses". */
  readonly what: string;
  /** Device time, ms, of the last whole read; absent when there was none. */
  readonly readAt: number | undefined;
  readonly trouble: ReadTrouble | undefined;
}

/** How old the thing shown is, and why it is not newer: "Courses as of Tue 10:14 · no network". */
export function ReadNote({ what, readAt, trouble }: ReadNoteProps) {
  if (readAt === undefined && trouble === undefined) return null;
  return (
    <p className="section-note read-note">
      {readAt === undefined
        ? `${what} not read yet`
        : `${what} as of ${readAtWords(readAt, systemClock.wallMs())}`}
      {trouble !== undefined && (
        <>
          {' · '}
          {trouble === 'signed-out' ? (
            <Link href={signInScreenPath}>{readTroubleWords(trouble)}</Link>
          ) : (
            readTroubleWords(trouble)
          )}
        </>
      )}
    </p>
  );
}
