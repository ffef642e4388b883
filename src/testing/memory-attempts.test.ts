import { attemptRepositorySuite } from './attempt-repository-suite.ts';
import { createMemoryAttempts } from './memory-attempts.ts';

attemptRepositorySuite(() => {
  const attempts = createMemoryAttempts();
  return Promise.resolve([attempts, attempts]);
});
