import { Button } from '#ui/button.tsx';
import { EmptyState } from '#ui/notices.tsx';

interface NothingFoundProps {
  readonly search: string;
  readonly onEverybody: () => void;
}

/** The filter leaves nobody. */
export function NothingFound({ search, onEverybody }: NothingFoundProps) {
  return (
    <main className="roster-room">
      <EmptyState
        title={search.trim() === '' ? 'Everybody has been seen' : 'Nobody by that name'}
        action={
          <Button tone="primary" onClick={onEverybody}>
            Show everybody
          </Button>
        }
      />
    </main>
  );
}
