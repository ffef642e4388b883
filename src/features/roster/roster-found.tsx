import { useEffect, useState } from 'react';
import { useRosterUi } from './roster-ui.ts';

/** The number is said when the typing has paused, ms. */
const pauseMs = 700;

/** Says aloud how many a search has found: the eye sees it on the grid. */
export function RosterFound({ count }: { readonly count: number }) {
  const search = useRosterUi((state) => state.search.trim());
  const [said, setSaid] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSaid(search === '' ? '' : foundWords(count)), pauseMs);
    return () => clearTimeout(timer);
  }, [search, count]);
  return (
    <p className="visually-hidden" role="status">
      {said}
    </p>
  );
}

function foundWords(count: number): string {
  if (count === 0) return 'Nobody by that name';
  return count === 1 ? '1 student found' : `${count} students found`;
}
