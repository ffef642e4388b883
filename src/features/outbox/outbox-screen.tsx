import { useMemo, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { Mark } from '#domain/mark.ts';
import { useAccount } from '#features/account-context.ts';
import { coursesPath } from '#features/paths.ts';
import type { LaneId } from '#domain/ids.ts';
import type { Lane } from '#store/records.ts';
import { systemClock } from '#lib/clock.ts';
import { useLive } from '#store/use-live.ts';
import { ButtonLink } from '#ui/button-link.tsx';
import { Button, Chip } from '#ui/button.tsx';
import { EmptyState } from '#ui/notices.tsx';
import { PageFrame } from '#ui/page-frame.tsx';
import { NeedsYouSheet } from './needs-you-sheet.tsx';
import { OutboxGroupSection } from './outbox-group.tsx';
import { filterIn, outboxFilters, outboxHref } from './outbox-address.ts';
import type { OutboxFilter } from './outbox-address.ts';
import { filterNames, groupMarks, stuckLanes, watchFilter } from './outbox-groups.ts';
import { unreadableWords, waitingWords } from './device-words.ts';
import { useNames } from './use-names.ts';
import './outbox-screen.css';

/** How many marks are shown at a time: a screen that holds 20,000 is of no use to anybody. */
const pageSize = 200;

/** Every mark's state and story. What is shown stands in the address: the sync words lead to what needs somebody. */
export function OutboxScreen() {
  const filter = filterIn(useSearch());
  const [, navigate] = useLocation();
  const setFilter = (next: OutboxFilter) => navigate(outboxHref(next), { replace: true });
  return (
    <PageFrame title="Outbox" back={{ href: coursesPath, label: 'All courses' }}>
      <FilterChips filter={filter} onFilter={setFilter} />
      {filter === 'waiting' && <Waiting />}
      <OutboxList key={filter} filter={filter} />
    </PageFrame>
  );
}

/** How long the oldest has waited, and whether it is safe meanwhile. */
function Waiting() {
  const { store } = useAccount();
  const open = useLive(() => store.watch.openCounts, [store]);
  const storage = useLive(() => store.storage.watch, [store]);
  if (open.status !== 'ready' || storage.status !== 'ready') return null;
  const words = waitingWords(open.value, storage.value.persistence, systemClock.wallMs());
  return words === undefined ? null : <p>{words}</p>;
}

interface FilterChipsProps {
  readonly filter: OutboxFilter;
  readonly onFilter: (filter: OutboxFilter) => void;
}

function FilterChips({ filter, onFilter }: FilterChipsProps) {
  const { store } = useAccount();
  const open = useLive(() => store.watch.openCounts, [store]);
  const lanes = useLive(() => store.watch.lanes(), [store]);
  const counts: Partial<Record<OutboxFilter, number>> = {};
  if (open.status === 'ready' && lanes.status === 'ready') {
    const { waiting, needsTeacher, unreadable, waitingByLane } = open.value;
    counts.waiting = waiting;
    counts['needs-you'] = needsTeacher + unreadable + stuckLanes(lanes.value, waitingByLane).length;
  }
  return (
    <div className="outbox-filters" role="group" aria-label="Show">
      {outboxFilters.map((each) => (
        <Chip key={each} aria-pressed={each === filter} onClick={() => onFilter(each)}>
          {filterNames[each]} {counts[each] !== undefined && <b>{counts[each]}</b>}
        </Chip>
      ))}
    </div>
  );
}

function OutboxList({ filter }: { readonly filter: OutboxFilter }) {
  const { store } = useAccount();
  const [limit, setLimit] = useState(pageSize);
  const found = useLive(() => watchFilter(store.watch, filter, limit), [store, filter, limit]);
  const lanes = useLive(() => store.watch.lanes(), [store]);
  const open = useLive(() => store.watch.openCounts, [store]);
  const [deciding, setDeciding] = useState<Mark>();
  if (found.status === 'failed') throw found.error;
  if (lanes.status === 'failed') throw lanes.error;
  if (open.status === 'failed') throw open.error;
  const marks = found.status === 'ready' ? found.value.marks : undefined;
  const names = useNames(useMemo(() => marks ?? [], [marks]));
  if (found.status === 'loading' || lanes.status === 'loading' || open.status === 'loading') return null;
  if (names === undefined) return null;
  const ofMarks = groupMarks(found.value.marks);
  const stuck = filter === 'needs-you' ? stuckLanes(lanes.value, open.value.waitingByLane) : [];
  const groups = [...stuck.filter(({ lane }) => ofMarks.every((group) => group.lane !== lane)), ...ofMarks];
  const laneOf = new Map<LaneId, Lane>(lanes.value.map((lane) => [lane.id, lane]));
  const isOpen = filter === 'waiting' || filter === 'needs-you';
  const strange = isOpen ? unreadableWords(open.value.unreadable) : undefined;
  if (groups.length === 0 && strange === undefined) return <Nothing filter={filter} />;
  return (
    <>
      {strange !== undefined && <p className="outbox-standstill">{strange}</p>}
      {groups.map((group) => (
        <OutboxGroupSection
          key={group.lane}
          group={group}
          lane={laneOf.get(group.lane)}
          names={names}
          onDecide={setDeciding}
        />
      ))}
      {found.value.more && <Button onClick={() => setLimit(limit + pageSize)}>Show more</Button>}
      <NeedsYouSheet mark={deciding} names={names} onClose={() => setDeciding(undefined)} />
    </>
  );
}

function Nothing({ filter }: { readonly filter: OutboxFilter }) {
  const { title, why } = emptyWords[filter];
  return (
    <EmptyState
      title={title}
      action={
        <ButtonLink href={coursesPath} tone="primary">
          To your courses
        </ButtonLink>
      }
    >
      <p>{why}</p>
    </EmptyState>
  );
}

const emptyWords: Record<OutboxFilter, { readonly title: string; readonly why: string }> = {
  waiting: {
    title: 'Nothing waits here',
    why: 'Every mark stands here from the tap until Canvas has it.',
  },
  'needs-you': {
    title: 'Nothing needs you',
    why: 'A mark that Canvas does not take would stand here, with what can be done about it.',
  },
  'in-canvas': {
    title: 'Nothing has gone to Canvas from this device yet',
    why: 'Marks go by themselves when the time to undo is over, or at once with “Send now”.',
  },
  'set-aside': {
    title: 'Nothing was undone or discarded',
    why: 'What is taken back never goes to Canvas, and can be looked up here.',
  },
};
