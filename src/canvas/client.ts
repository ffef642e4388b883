import { createNeighbours } from './neighbours.ts';
import type { Neighbours } from './neighbours.ts';
import type { ResultsApi } from './results-api.ts';
import { createResultsApi } from './results-client.ts';
import { createSession } from './session.ts';
import type { Session } from './session.ts';
import { createWire } from './wire.ts';
import type { CanvasClientDeps } from './wire.ts';

/** Everything the app says to Canvas, over its own origin. */
export interface CanvasClient extends ResultsApi, Neighbours, Session {}

/**
 * Speaks to Canvas through the gateway. Each method sends what it must, repeats nothing, and throws nothing but
 * the CanvasError family.
 * @see https://developerdocs.instructure.com/services/canvas/resources/live_assessments
 */
export function createCanvasClient(deps: CanvasClientDeps): CanvasClient {
  const wire = createWire(deps);
  return { ...createResultsApi(wire), ...createNeighbours(wire), ...createSession(wire) };
}
