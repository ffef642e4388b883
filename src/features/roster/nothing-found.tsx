import type { CourseId } from '#domain/ids.ts';
import { useAccount } from '#features/account-context.ts';
import { tellNotKept } from '#features/tell-not-kept.ts';
import { Button } from '#ui/button.tsx';
import { EmptyState } from '#ui/notices.tsx';
import { rosterViewPref } from './lesson-prefs.ts';
import type { RosterView } from './lesson-prefs.ts';
import { RosterFound } from './roster-found.tsx';
import { useRosterUi } from './roster-ui.ts';

/** The filters leave nobody. */
export function NothingFound({ course, view }: { readonly course: CourseId; readonly view: RosterView }) {
  const { store } = useAccount();
  const { search, only } = useRosterUi();
  const showEverybody = () => {
    useRosterUi.setState({ search: '', isSearching: false, only: undefined });
    store.prefs.write({ course }, rosterViewPref, { ...view, section: null, group: null }).catch(() => {
      tellNotKept();
    });
  };
  return (
    <main className="roster-room">
      <RosterFound count={0} />
      <EmptyState
        title={titleFor(search, only !== undefined)}
        action={
          <Button tone="primary" onClick={showEverybody}>
            Show everybody
          </Button>
        }
      />
    </main>
  );
}

function titleFor(search: string, isNotSeen: boolean): string {
  if (search.trim() !== '') return 'Nobody by that name';
  return isNotSeen ? 'Everybody has been seen' : 'Nobody in this part of the class';
}
