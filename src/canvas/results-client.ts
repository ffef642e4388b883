import type { UserId } from '#domain/ids.ts';
import { assessmentBody } from './body.ts';
import { WrongShapeError } from './errors.ts';
import { attemptHeader, inquiryPath, sessionPath, stampHeader } from './gateway-wire.ts';
import { toLiveAssessment, toResultRow } from './mapping.ts';
import { apiPaths } from './paths.ts';
import type { ResultsApi } from './results-api.ts';
import {
  assessmentsEnvelope,
  inquirySchema,
  resultsEnvelope,
  rosterSchema,
  sessionSchema,
} from './schemas.ts';
import type { Wire } from './wire.ts';

/** A probe asks whether anybody is there at all; whoever is answers at once. */
const probeTimeoutMs = 15_000;

/**
 * The calls the sync core makes, one request each.
 * @throws the CanvasError family and nothing else, as long as the ids have the form of Canvas ids
 */
export function createResultsApi(wire: Wire): ResultsApi {
  return {
    async findOrCreateAssessment({ course, ...assessment }) {
      const { value, answer } = await wire.ask(assessmentsEnvelope, {
        path: apiPaths.assessments(course),
        body: assessmentBody(assessment),
        wanted: [200, 201],
      });
      const found = value.assessments.find(({ key }) => key === assessment.key);
      if (found !== undefined) return { value: toLiveAssessment(found), answer };
      throw new WrongShapeError('the answer lacks the assessment', { answer, notJson: false });
    },

    async postResults({ course, assessment, body, attempt }) {
      const { value, answer } = await wire.ask(resultsEnvelope, {
        path: apiPaths.results(course, assessment),
        body,
        headers: {
          [attemptHeader]: attempt.id,
          ...(attempt.stamp === undefined ? {} : { [stampHeader]: attempt.stamp }),
        },
        wanted: [200, 201],
      });
      return { value: value.results.map(toResultRow), answer };
    },

    async readResultsPage({ course, assessment, user, page }) {
      const path = page ?? apiPaths.resultList(course, assessment, user);
      const { value, answer, next, paged } = await wire.askPage(resultsEnvelope, { path });
      const count = value.meta?.pagination?.count ?? undefined;
      return {
        value: {
          rows: value.results.map(toResultRow),
          paged,
          ...(next === undefined ? {} : { next }),
          ...(count === undefined ? {} : { count }),
        },
        answer,
      };
    },

    async readRosterPage({ course, page }) {
      const { value, answer, next } = await wire.askPage(rosterSchema, {
        path: page ?? apiPaths.roster(course),
      });
      const students = value.map(({ id }): UserId => id);
      return { value: { students, ...(next === undefined ? {} : { next }) }, answer };
    },

    async inquire({ id, stamp }) {
      return wire.ask(inquirySchema, { path: inquiryPath(id), body: JSON.stringify({ stamp }) });
    },

    async probe() {
      const { value, answer } = await wire.ask(sessionSchema, {
        path: sessionPath,
        timeoutMs: probeTimeoutMs,
      });
      return { value: value.signedIn ? { signedInAs: value.user.id } : {}, answer };
    },
  };
}
