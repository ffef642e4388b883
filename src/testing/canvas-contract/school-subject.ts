import type { SchoolOptions } from '#server/school/options.ts';
import { openSampleSchool, schoolOrigin } from '../sample-school.ts';
import type { CanvasSubject } from './subject.ts';

/** The straight way: the school in this process, a token a person. */
export async function openSchoolSubject(options: Partial<SchoolOptions> = {}): Promise<CanvasSubject> {
  const { send, tokenFor, unexpected, close } = await openSampleSchool(options);
  return {
    origin: schoolOrigin,
    async request(login, { path, ...init }) {
      return send(login === undefined ? undefined : await tokenFor(login), path, init);
    },
    async close() {
      await close();
      if (unexpected.length > 0) throw new AggregateError(unexpected, 'the school met errors nobody foresaw');
    },
  };
}
