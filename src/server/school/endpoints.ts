import { courseEndpoints } from './courses/courses.ts';
import { groupEndpoints } from './courses/groups.ts';
import { sectionEndpoints } from './courses/sections.ts';
import type { Endpoint } from './http/endpoint.ts';
import { assessmentEndpoints } from './live-assessments/assessments.ts';
import { resultEndpoints } from './live-assessments/results.ts';
import { outcomeEndpoints } from './outcomes/outcomes.ts';
import { courseUserEndpoints } from './people/course-users.ts';
import { userEndpoints } from './people/users.ts';
import type { School } from './school-parts.ts';
import { outcomeResultEndpoints } from './scores/outcome-results.ts';
import { rollupEndpoints } from './scores/rollups.ts';

/** All of the API. Nothing else exists: whatever is not here is 404 (contract §1). */
export function endpointsOf(school: School): Endpoint[] {
  return [
    userEndpoints,
    courseEndpoints,
    courseUserEndpoints,
    sectionEndpoints,
    groupEndpoints,
    outcomeEndpoints,
    assessmentEndpoints,
    resultEndpoints,
    outcomeResultEndpoints,
    rollupEndpoints,
  ].flatMap((part) => part(school));
}
