import { idNumber, type Json } from '../http/write-json.ts';
import type { OutcomeRow } from '../tables.ts';

/** Methods that have a number of their own; the others show none (contract §5.6). */
const methodsWithNumber: ReadonlySet<string> = new Set([
  'decaying_average',
  'n_mastery',
  'standard_decaying_average',
]);

type JsonObject = Readonly<Record<string, Json>>;

/** What is always shown of an outcome. */
export function presentOutcome(outcome: OutcomeRow): JsonObject {
  return {
    id: idNumber(outcome.id),
    url: `/api/v1/outcomes/${outcome.id}`,
    title: outcome.title,
    display_name: outcome.displayName,
    vendor_guid: outcome.vendorGuid,
    context_id: idNumber(outcome.courseId ?? '1'),
    context_type: outcome.courseId === null ? 'Account' : 'Course',
    can_edit: false,
    has_updateable_rubrics: false,
  };
}

/** With `outcome_style=full`. An outcome without a scale of its own shows Canvas's (contract §6.3). */
export function presentFullOutcome(
  outcome: OutcomeRow,
  isAssessed: boolean,
  addsDefaults = false,
): JsonObject {
  const method = outcome.calculationMethod ?? 'highest';
  const masteryPoints = outcome.masteryPoints ?? 3;
  const ratings = outcome.ratings === null ? defaultRatings : (JSON.parse(outcome.ratings) as Rating[]);
  return {
    ...presentOutcome(outcome),
    description: outcome.description,
    friendly_description: null,
    points_possible: outcome.pointsPossible ?? 5,
    mastery_points: masteryPoints,
    ratings: addsDefaults
      ? ratings.map((rating) => withDefaults(rating, ratings, masteryPoints))
      : [...ratings],
    calculation_method: method,
    calculation_int: methodsWithNumber.has(method) ? outcome.calculationInt : undefined,
    assessed: isAssessed,
  };
}

interface Rating {
  readonly [key: string]: Json;
  readonly description: string;
  readonly points: number;
}

/** With `add_defaults=true`: which rating is mastery, and Canvas's colours for what is above and below it. */
function withDefaults(rating: Rating, all: readonly Rating[], masteryPoints: number): JsonObject {
  const reaching = all.map(({ points }) => points).filter((points) => points >= masteryPoints);
  const mastery = rating.points === Math.min(...reaching);
  const place = all.filter(({ points }) => points > rating.points).length;
  return { ...rating, mastery, color: colours[Math.min(place, colours.length - 1)] };
}

/** From the best rating down. */
const colours = ['02672D', '03893D', 'FAB901', 'FD5D10', 'E62429'];

const defaultRatings: readonly Rating[] = [
  { description: 'Exceeds Expectations', points: 5 },
  { description: 'Meets Expectations', points: 3 },
  { description: 'Does Not Meet Expectations', points: 0 },
];
