import { afterAll, beforeAll, describe } from 'vitest';
import { describeCanvasContract } from '#testing/canvas-contract/describe-canvas-contract.ts';
import { openSchoolSubject } from '#testing/canvas-contract/school-subject.ts';
import { hasPostgres, type PostgresServer, startPostgres } from '#testing/postgres-server.ts';

describe.skipIf(!hasPostgres)('on PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  describeCanvasContract('the embedded school', async () =>
    openSchoolSubject({ url: await server.newDatabase() }),
  );
  describeCanvasContract('two instances in turn, request by request', async () =>
    openSchoolSubject({ url: await server.newDatabase(), instances: 2 }),
  );
});
