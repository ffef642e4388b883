import type { OutcomeRow } from '../tables.ts';
import { sampleCourses, sampleOutcomes } from './ids.ts';

interface SampleOutcome {
  readonly id: string;
  readonly courseId: string | null;
  readonly title: string;
  readonly displayName?: string;
  readonly description?: string;
  /** Points possible and points of mastery; absent: no scale of its own. */
  readonly scale?: readonly [possible: number, mastery: number];
  readonly method?: readonly [name: string, number?: number];
}

const { maths, choir, sport, chess } = sampleCourses;

const sampleOutcomeList: readonly SampleOutcome[] = [
  {
    id: sampleOutcomes.fractions,
    courseId: maths,
    title: 'Adds and subtracts fractions',
    displayName: 'Fractions',
    description: '<p>With <em>unlike</em> denominators, by hand.</p>',
    scale: [5, 3],
    method: ['decaying_average', 65],
  },
  {
    id: sampleOutcomes.reasoning,
    courseId: maths,
    title: 'Explains a line of reasoning',
    scale: [4, 3],
    method: ['n_mastery', 5],
  },
  { id: sampleOutcomes.equations, courseId: maths, title: 'Solves simple equations' },
  {
    id: sampleOutcomes.geometry,
    courseId: maths,
    title: 'Names angles, sides and areas of triangles',
    displayName: 'Triangles',
    scale: [10, 7.5],
    method: ['latest'],
  },
  {
    id: sampleOutcomes.bigId,
    courseId: maths,
    title: 'Works with others',
    scale: [3, 2],
    method: ['average'],
  },
  { id: sampleOutcomes.pitch, courseId: choir, title: 'Holds the pitch', scale: [5, 3], method: ['highest'] },
  { id: '212', courseId: choir, title: 'Keeps the rhythm', scale: [5, 3], method: ['latest'] },
  { id: '213', courseId: choir, title: 'Knows the words by heart' },
  {
    id: sampleOutcomes.serve,
    courseId: sport,
    title: 'Serves over the net',
    scale: [3, 2],
    method: ['n_mastery', 3],
  },
  { id: '222', courseId: sport, title: 'Swims 50 m', scale: [1, 1], method: ['highest'] },
  { id: '223', courseId: sport, title: 'Warms up properly' },
  { id: '224', courseId: sport, title: 'Plays fair', scale: [5, 4], method: ['decaying_average', 75] },
  { id: sampleOutcomes.chess, courseId: chess, title: 'Mates with king and rook', scale: [5, 3] },
  { id: sampleOutcomes.unlinked, courseId: null, title: 'Uses digital tools safely', scale: [5, 3] },
  { id: sampleOutcomes.linkDeleted, courseId: maths, title: 'Uses the abacus', scale: [5, 3] },
];

export function sampleOutcomeRows(): OutcomeRow[] {
  return sampleOutcomeList.map(({ id, courseId, title, displayName, description, scale, method }) => ({
    id,
    courseId,
    title,
    displayName: displayName ?? null,
    description: description ?? null,
    pointsPossible: scale?.[0] ?? null,
    masteryPoints: scale?.[1] ?? null,
    ratings: scale === undefined ? null : JSON.stringify(ratingsOf(scale)),
    calculationMethod: method?.[0] ?? null,
    calculationInt: method?.[1] ?? null,
    vendorGuid: null,
    isDeleted: 0,
  }));
}

function ratingsOf([possible, mastery]: readonly [number, number]) {
  const top = { description: 'Exceeds Expectations', points: possible };
  const meets = { description: 'Meets Expectations', points: mastery };
  const none = { description: 'Does Not Meet Expectations', points: 0 };
  return possible === mastery ? [meets, none] : [top, meets, none];
}

/** The groups that outcomes are filed in, and the links themselves. */
export function sampleOutcomeFiling() {
  const outcomeGroups = [maths, choir, sport, chess].map((courseId, n) => ({
    id: String(301 + n),
    courseId,
    parentId: null as string | null,
    title: 'Course outcomes',
    description: null,
    vendorGuid: null,
  }));
  outcomeGroups.push({
    id: '311',
    courseId: maths,
    parentId: '301',
    title: 'Ways of working',
    description: null,
    vendorGuid: null,
  });
  const workingTogether: readonly string[] = [sampleOutcomes.reasoning, sampleOutcomes.bigId];
  const outcomeLinks = sampleOutcomeList.flatMap(({ id, courseId }, n) => {
    if (courseId === null) return [];
    const root = outcomeGroups.find((group) => group.courseId === courseId)?.id ?? '';
    return [
      {
        id: String(401 + n),
        courseId,
        outcomeGroupId: workingTogether.includes(id) ? '311' : root,
        outcomeId: id,
        isDeleted: id === sampleOutcomes.linkDeleted ? (1 as const) : (0 as const),
      },
    ];
  });
  return { outcomeGroups, outcomeLinks };
}
