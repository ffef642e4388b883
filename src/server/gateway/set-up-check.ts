import { isCanvasId } from '#domain/ids.ts';
import type { SetUpAnswer, SetUpFinding, SetUpPoint } from '#canvas/gateway-wire.ts';
import type { Clock } from '#lib/clock.ts';
import type { ForwardEnd } from './attempts/ledger.ts';
import type { RememberedAnswer } from './attempts/record.ts';

/** Puts one call before Canvas in the name of the person who asks. */
export type Probe = (method: 'GET' | 'POST', target: string, body?: string) => Promise<ForwardEnd>;

/** Marks bear the time of the tap; a minute's difference is what a teacher would notice in Canvas. */
const clockToleranceMs = 60_000;

/**
 * Asks Canvas what a lesson will ask, and says of each point whether it will work. It reads, and posts three things
 * that cannot leave a trace: an empty list of assessments, an assessment without key and title, and an empty list of
 * results. Canvas looks at the rights first (canvas-contract §1.5), which is what is wanted; no mark is sent.
 * @param course undefined: only what concerns all courses
 */
export async function checkSetUp(
  probe: Probe,
  course: string | undefined,
  at: { readonly clock: Clock; readonly isEmbedded: boolean },
): Promise<SetUpAnswer> {
  const self = await probe('GET', '/api/v1/users/self');
  const reach = reachOf(self);
  const clockPoint: SetUpFinding = { point: 'clock', ...clockState(self, at) };
  if (reach.state !== 'ok') return { findings: [reach, clockPoint] };
  const courses = {
    point: 'courses' as const,
    ...readState(await probe('GET', '/api/v1/courses?per_page=1')),
  };
  const common: SetUpFinding[] = [reach, clockPoint, courses];
  if (course === undefined || !isCanvasId(course)) return { findings: common };
  return { findings: [...common, ...(await checkCourse(probe, `/api/v1/courses/${course}`))] };
}

async function checkCourse(probe: Probe, path: string): Promise<SetUpFinding[]> {
  const get = (rest: string) => probe('GET', `${path}/${rest}`);
  const post = (rest: string, body: unknown) => probe('POST', `${path}/${rest}`, JSON.stringify(body));
  const assessments = await get('live_assessments?per_page=1');
  const known = firstAssessment(assessments);
  const [students, sections, links, create, align, results, rollups] = await Promise.all([
    get('users?enrollment_type%5B%5D=student&per_page=1'),
    get('sections?per_page=1'),
    get('outcome_group_links?per_page=1'),
    post('live_assessments', { assessments: [] }),
    post('live_assessments', { assessments: [{ links: { outcome: '0' } }] }),
    known === undefined ? undefined : post(`live_assessments/${known}/results`, { results: [] }),
    get('outcome_rollups?per_page=1'),
  ]);
  const outcomes = readState(links);
  const hasNone = outcomes.state === 'ok' && listed(links) === 0;
  return [
    { point: 'students', ...readState(students) },
    { point: 'sections', ...readState(sections) },
    { point: 'outcomes', ...(hasNone ? ({ state: 'wrong', why: 'none' } as const) : outcomes) },
    { point: 'create', ...writeState(create) },
    { point: 'align', ...writeState(align) },
    { point: 'list', ...readState(assessments) },
    {
      point: 'post',
      ...(results === undefined ? ({ state: 'unknown', why: 'none' } as const) : writeState(results)),
    },
    { point: 'mastery', ...readState(rollups) },
  ];
}

type State = Omit<SetUpFinding, 'point'>;

function reachOf(end: ForwardEnd): SetUpFinding & { readonly point: SetUpPoint } {
  return { point: 'reach', ...readState(end) };
}

function readState(end: ForwardEnd): State {
  if (end.kind === 'no-connection') return { state: 'wrong', why: 'no-connection' };
  if (end.kind === 'no-answer') return { state: 'wrong', why: end.why ?? 'cut-off' };
  const { status } = end.answer;
  if (status >= 200 && status < 300) return { state: 'ok' };
  if (status === 429 || (status === 403 && !isJson(end.answer)))
    return { state: 'unknown', why: 'throttled' };
  if (status === 401 && has(end.answer, 'www-authenticate')) return { state: 'wrong', why: 'signed-out' };
  // Both revisions of "no right" say so in `status`; a token without the scope has no such word (§1.4).
  if (status === 401 && bodyOf(end.answer)?.['status'] === undefined)
    return { state: 'wrong', why: 'no-scope' };
  if (status === 401 || status === 403) return { state: 'wrong', why: 'no-right' };
  if (status === 404) return { state: 'wrong', why: 'missing' };
  return { state: 'unknown', why: 'strange' };
}

/** A request that lacks what it must have is refused for that only after the right was looked at. */
function writeState(end: ForwardEnd): State {
  const isRefusedForContent =
    end.kind === 'answer' && (end.answer.status === 400 || end.answer.status === 422);
  return isRefusedForContent ? { state: 'ok' } : readState(end);
}

/** Canvas's clock against ours; the tablet compares its own with ours. */
function clockState(end: ForwardEnd, at: { readonly clock: Clock; readonly isEmbedded: boolean }): State {
  // The embedded school goes by our own clock.
  if (at.isEmbedded) return { state: 'ok' };
  const date = end.kind === 'answer' ? end.answer.headers.find(([name]) => name === 'date')?.[1] : undefined;
  const atMs = Date.parse(date ?? '');
  if (Number.isNaN(atMs)) return { state: 'unknown' };
  return Math.abs(atMs - at.clock.wallMs()) <= clockToleranceMs
    ? { state: 'ok' }
    : { state: 'wrong', why: 'clock' };
}

function firstAssessment(end: ForwardEnd): string | undefined {
  const rows = end.kind === 'answer' ? bodyOf(end.answer)?.['assessments'] : undefined;
  const [first] = Array.isArray(rows) ? (rows as unknown[]) : [];
  const id = (first as { id?: unknown } | undefined)?.id;
  return typeof id === 'string' && isCanvasId(id) ? id : undefined;
}

function listed(end: ForwardEnd): number | undefined {
  if (end.kind !== 'answer') return undefined;
  const rows = parsed(end.answer);
  return Array.isArray(rows) ? rows.length : undefined;
}

function bodyOf(answer: RememberedAnswer): Record<string, unknown> | undefined {
  const body = parsed(answer);
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : undefined;
}

function parsed(answer: RememberedAnswer): unknown {
  try {
    return JSON.parse(answer.body) as unknown;
  } catch {
    return undefined;
  }
}

function isJson(answer: RememberedAnswer): boolean {
  return /\bjson\b/.test(answer.headers.find(([name]) => name === 'content-type')?.[1] ?? '');
}

function has(answer: RememberedAnswer, header: string): boolean {
  return answer.headers.some(([name]) => name === header);
}
