import { useId, useState } from 'react';
import { isTeachingStaff } from '#domain/course.ts';
import type { CourseId } from '#domain/ids.ts';
import { useAccount } from '#features/account-context.ts';
import { gatewayDesk } from '#features/gateway-desk.ts';
import { settingsPath } from '#features/paths.ts';
import { useCanvasRead } from '#features/queries.ts';
import { readTroubleWords } from '#features/read-trouble.ts';
import { systemClock } from '#lib/clock.ts';
import type { CourseRecord } from '#store/classroom.ts';
import { useLive } from '#store/use-live.ts';
import { Button } from '#ui/button.tsx';
import { NoNetworkIcon } from '#ui/icons.tsx';
import { ErrorState } from '#ui/notices.tsx';
import { PageFrame } from '#ui/page-frame.tsx';
import { CheckLines } from './check-lines.tsx';
import { lineOf, masteryGradebookLine, summaryWords, tabletClockLine } from './words.ts';
import './set-up-check-screen.css';

/** Whether a lesson will work, point by point, and whom to ask where it will not. For teachers and school IT. */
export function SetUpCheckScreen() {
  const { store } = useAccount();
  const courses = useLive(() => store.classroom.watchCourses(), [store]);
  if (courses.status === 'loading') return null;
  const found = courses.status === 'ready' ? courses.value : [];
  const teaching = found.filter(({ listed, roles }) => listed && isTeachingStaff(roles));
  return (
    <PageFrame title="Set-up check" back={{ href: settingsPath, label: 'Settings' }}>
      <Check courses={teaching} />
    </PageFrame>
  );
}

function Check({ courses }: { readonly courses: readonly CourseRecord[] }) {
  const [chosen, setChosen] = useState<CourseId | undefined>(courses[0]?.id);
  const select = useId();
  return (
    <>
      <p>
        Tapmark asks Canvas, in your name, what a lesson will ask. No mark is sent and nothing is changed.
      </p>
      {courses.length > 0 && (
        <div className="check-course">
          <label htmlFor={select}>Course</label>
          <select
            id={select}
            value={chosen}
            onChange={(event) => {
              setChosen(event.target.value as CourseId);
            }}
          >
            {courses.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </div>
      )}
      <Result key={chosen} course={chosen} />
    </>
  );
}

function Result({ course }: { readonly course: CourseId | undefined }) {
  const { found, trouble, refresh } = useCanvasRead({
    name: ['set-up-check', course ?? ''],
    freshForMs: 0,
    read: async () => {
      const report = await gatewayDesk().checkSetUp(course);
      return { ...report, deviceMs: systemClock.wallMs() };
    },
  });
  if (trouble !== undefined) {
    return (
      <ErrorState
        icon={<NoNetworkIcon />}
        title="The check could not be made"
        action={
          <Button tone="primary" onClick={refresh}>
            Try again
          </Button>
        }
      >
        <p>The Tapmark server gave no answer: {readTroubleWords(trouble)}.</p>
      </ErrorState>
    );
  }
  if (found === undefined) {
    return (
      <p role="status" className="section-note">
        Asking Canvas…
      </p>
    );
  }
  const lines = [
    tabletClockLine(found.deviceMs, found.serverDateMs),
    ...found.findings.map(lineOf),
    ...(course === undefined ? [] : [masteryGradebookLine]),
  ];
  return (
    <section className="section" aria-label="What was found">
      <p role="status" className="check-summary">
        {summaryWords(lines)}
      </p>
      <CheckLines lines={lines} />
      <div>
        <Button onClick={refresh}>Check again</Button>
      </div>
    </section>
  );
}
