import type { SetUpFinding, SetUpPoint } from '#canvas/gateway-wire.ts';

/** One line of the page. */
export interface CheckLine {
  readonly state: SetUpFinding['state'];
  /** What was looked at. */
  readonly title: string;
  /** What is so. */
  readonly said: string;
  /** Whom to ask and for what; absent where nothing is to be done. */
  readonly ask?: string;
}

const titles: Readonly<Record<SetUpPoint, string>> = {
  reach: 'Canvas answers',
  clock: 'The server’s clock is right',
  courses: 'Your courses can be read',
  students: 'The class list can be read',
  sections: 'Sections can be read',
  outcomes: 'Outcomes to assess',
  create: 'You may create assessments',
  align: 'You may link them with outcomes',
  list: 'You may read back what was marked',
  post: 'You may send marks',
  mastery: 'Canvas’s mastery scores can be read',
};

/** What the role needs, as Canvas's list of permissions calls it (canvas-contract §1.4). */
const rights: Partial<Record<SetUpPoint, string>> = {
  create: '“Assignments and Quizzes – add”',
  post: '“Assignments and Quizzes – edit”',
  align: '“Learning Outcomes – add / edit / delete”',
  list: '“Grades – view all grades”',
  mastery: '“Grades – view all grades”',
  outcomes: '“Grades – view all grades”',
  students: '“Users – view list”',
  sections: '“Users – view list”',
};

const admin = 'Ask your Canvas administrator';
const server = 'Ask whoever runs the Tapmark server';
const network = 'Ask whoever looks after the school’s network';

/** Says of a finding what is so and whom to ask. */
export function lineOf({ point, state, why }: SetUpFinding): CheckLine {
  const line = { state, title: titles[point] };
  if (state === 'ok') return { ...line, said: 'Yes.' };
  switch (why) {
    case 'none':
      return point === 'outcomes'
        ? {
            ...line,
            said: 'This course has no outcomes yet. Marks can be made under a free title; they count for no outcome.',
            ask: 'Add outcomes in Canvas, in the course under Outcomes, or ask whoever plans the course.',
          }
        : { ...line, said: 'Will be known with the first assessment of this course.' };
    case 'no-right':
      return {
        ...line,
        said: `Canvas says that your role in this course may not.`,
        ask: `${admin} for the permission ${rights[point] ?? 'that this needs'} for your role.`,
      };
    case 'no-scope':
      return {
        ...line,
        said: 'The developer key does not allow it.',
        ask: `${admin} to add the scopes that Tapmark’s deployment page lists to the developer key. Then sign in again.`,
      };
    case 'signed-out':
      return { ...line, said: 'Canvas wants a new sign-in.', ask: 'Sign in again, then check again.' };
    case 'no-connection':
      return {
        ...line,
        said: 'The server gets no connection to Canvas.',
        ask: `${server} whether CANVAS_URL is right, and whether the server may reach it.`,
      };
    case 'late':
    case 'cut-off':
      return {
        ...line,
        said: 'Canvas did not answer in time.',
        ask: 'Try again in some minutes. If it stays so, ask your Canvas administrator whether Canvas is well.',
      };
    case 'page':
    case 'strange':
    case 'too-large':
      return {
        ...line,
        said: 'Something other than Canvas answered: a maintenance page or a filter in between.',
        ask: `${network} whether a filter or proxy stands between the server and Canvas.`,
      };
    case 'redirect':
      return {
        ...line,
        said: 'The address of Canvas leads somewhere else.',
        ask: `${server} to set CANVAS_URL to the address that the browser shows in Canvas.`,
      };
    case 'missing':
      return {
        ...line,
        said: 'Canvas knows no such course, or not this way of asking.',
        ask: `${admin} whether the course is published and “Live Assessments” exist in this Canvas.`,
      };
    case 'throttled':
      return {
        ...line,
        said: 'Canvas is busy with other requests just now.',
        ask: 'Check again in a minute.',
      };
    case 'clock':
      return {
        ...line,
        said: 'The server’s clock and Canvas’s differ by more than a minute.',
        ask: `${server} to let its clock be set by the network (NTP).`,
      };
    case undefined:
      return { ...line, said: 'Could not be found out.' };
    default:
      return why satisfies never;
  }
}

/** A tap bears the tablet's time. @param serverDateMs absent when the server did not say */
export function tabletClockLine(nowMs: number, serverDateMs: number | undefined): CheckLine {
  const title = 'This device’s clock is right';
  if (serverDateMs === undefined)
    return { title, state: 'unknown', said: 'The server did not say its time.' };
  const minutes = Math.round(Math.abs(nowMs - serverDateMs) / 60_000);
  if (minutes < 1) return { title, state: 'ok', said: 'Yes.' };
  const many = minutes === 1 ? 'a minute' : `${minutes.toString()} minutes`;
  return {
    title,
    state: 'wrong',
    said: `It is ${many} ${nowMs > serverDateMs ? 'fast' : 'slow'}. Marks would bear a wrong time.`,
    ask: 'Set date and time to “automatic” in the device’s settings.',
  };
}

/** What no program can see. */
export const masteryGradebookLine: CheckLine = {
  state: 'unknown',
  title: 'The Learning Mastery Gradebook is on',
  said: 'Only you can see that: in Canvas open the course’s Grades and look for “Learning Mastery” under “Gradebook”.',
  ask: 'If it is not there: in Canvas under Settings, Feature Options, or ask your Canvas administrator.',
};

export function summaryWords(lines: readonly CheckLine[]): string {
  const wrong = lines.filter(({ state }) => state === 'wrong').length;
  if (wrong === 0) return 'Nothing stands in the way of a lesson.';
  return wrong === 1 ? '1 thing needs somebody.' : `${wrong.toString()} things need somebody.`;
}
