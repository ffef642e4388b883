import { ButtonLink } from '#ui/button-link.tsx';
import { Button } from '#ui/button.tsx';
import { NoNetworkIcon } from '#ui/icons.tsx';
import { ErrorState } from '#ui/notices.tsx';
import { signInScreenPath } from './paths.ts';
import { readTroubleWords } from './read-trouble.ts';
import type { ReadTrouble } from './read-trouble.ts';

interface NotFetchedProps {
  /** Which list this device does not have. */
  readonly title: string;
  readonly trouble: ReadTrouble;
  readonly refresh: () => void;
}

/** Stands in place of a list that was never fetched and cannot be had now, with what helps. */
export function NotFetched({ title, trouble, refresh }: NotFetchedProps) {
  return (
    <ErrorState
      icon={<NoNetworkIcon />}
      title={title}
      action={
        <>
          <Button tone="primary" onClick={refresh}>
            Try again
          </Button>
          {trouble === 'signed-out' && <ButtonLink href={signInScreenPath}>Sign in</ButtonLink>}
        </>
      }
    >
      <p>
        The list could not be fetched: {readTroubleWords(trouble)}. Once fetched it is here without a network
        too.
      </p>
    </ErrorState>
  );
}
