/* `npm run school -- …`: the embedded school's own commands, built if needed. */
import { ensureBuilt, root } from './build.mjs';

ensureBuilt();
await import(root + 'dist/server/school.js');
