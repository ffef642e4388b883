import { useState } from 'react';
import type { UserId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { useAccount } from '#features/account-context.ts';
import { tellNotKept } from '#features/tell-not-kept.ts';
import type { Settlement } from '#store/mark-actions.ts';
import { Button } from '#ui/button.tsx';
import { Sheet } from '#ui/sheet.tsx';
import { markStory } from './mark-story.ts';
import { systemClock } from '#lib/clock.ts';
import type { Names } from './use-names.ts';

interface NeedsYouSheetProps {
  readonly mark: Mark | undefined;
  readonly names: Names;
  readonly onClose: () => void;
}

/** What can be done with a mark that Canvas refused. */
export function NeedsYouSheet({ mark, names, onClose }: NeedsYouSheetProps) {
  return (
    <Sheet isOpen={mark !== undefined} onClose={onClose} title="Canvas did not take this mark">
      {mark !== undefined && <Choices mark={mark} names={names} onClose={onClose} />}
    </Sheet>
  );
}

function Choices({ mark, names, onClose }: NeedsYouSheetProps & { readonly mark: Mark }) {
  const { store } = useAccount();
  async function settle(settlement: Settlement) {
    try {
      await store.marks.resolveRejected(mark.seq, settlement);
      onClose();
    } catch {
      tellNotKept();
    }
  }
  return (
    <div className="outbox-choices">
      <p dir="auto">
        <strong>
          <bdi>{names.student(mark.course, mark.student)}</bdi>: {mark.passed ? 'pass' : 'not yet'}
        </strong>
        , {markStory(mark, systemClock.wallMs())}
      </p>
      <Button tone="primary" onClick={() => void settle({ kind: 'retried' })}>
        Try again
      </Button>
      <GiveAway
        mark={mark}
        names={names}
        onGive={(student) => void settle({ kind: 'reassigned', student })}
      />
      <Discard onDiscard={(reason) => void settle({ kind: 'discarded', reason })} />
    </div>
  );
}

interface GiveAwayProps {
  readonly mark: Mark;
  readonly names: Names;
  readonly onGive: (student: UserId) => void;
}

function GiveAway({ mark, names, onGive }: GiveAwayProps) {
  const others = names.classOf(mark.course).filter(({ id }) => id !== mark.student);
  const [student, setStudent] = useState('');
  return (
    <form
      className="outbox-choice"
      onSubmit={(event) => {
        event.preventDefault();
        if (student !== '') onGive(student as UserId);
      }}
    >
      <label>
        Give to another student
        <select value={student} required onChange={(event) => setStudent(event.target.value)}>
          <option value="">Choose…</option>
          {others.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <Button type="submit">Give</Button>
    </form>
  );
}

function Discard({ onDiscard }: { readonly onDiscard: (reason: string) => void }) {
  const [reason, setReason] = useState('');
  return (
    <form
      className="outbox-choice"
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim() !== '') onDiscard(reason.trim());
      }}
    >
      <label>
        Discard, because
        <input
          value={reason}
          required
          maxLength={200}
          dir="auto"
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      <Button type="submit" tone="warn">
        Discard
      </Button>
    </form>
  );
}
