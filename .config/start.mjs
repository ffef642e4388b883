/* `npm start`: builds if needed, then serves. Signals reach the server directly, because it runs in this process. */
import { ensureBuilt, root } from './build.mjs';

ensureBuilt();
await import(root + 'dist/server/main.js');
