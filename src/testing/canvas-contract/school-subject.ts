import type { SchoolOptions } from '#server/school/options.ts';
import { openSampleSchool, type SampleSchool, schoolOrigin } from '../sample-school.ts';
import type { CanvasSubject } from './subject.ts';

interface SubjectOptions extends Partial<SchoolOptions> {
  /** Of the database; one in memory by default. */
  readonly url?: string;
  /** How many schools share the database, each answering one request and then the next one's turn. */
  readonly instances?: number;
}

/** The straight way: the school in this process, a token a person. */
export async function openSchoolSubject(options: SubjectOptions = {}): Promise<CanvasSubject> {
  const { instances = 1, ...rest } = options;
  const first = await openSampleSchool(rest);
  const schools: SampleSchool[] = [first];
  while (schools.length < instances) schools.push(await openSampleSchool(rest));
  let turn = 0;
  return {
    origin: schoolOrigin,
    async request(login, { path, ...init }) {
      const token = login === undefined ? undefined : await first.tokenFor(login);
      turn += 1;
      const { send } = schools[turn % schools.length] ?? first;
      return send(token, path, init);
    },
    async close() {
      for (const { close } of schools) await close();
      const unexpected = schools.flatMap((school) => school.unexpected);
      if (unexpected.length > 0) throw new AggregateError(unexpected, 'the school met errors nobody foresaw');
    },
  };
}
