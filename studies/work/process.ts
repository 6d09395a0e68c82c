// The process that does pieces of work, one after the other, until its parent goes away or lets it go.
// Started by workers.ts; what it is asked and answers is plain data.
import { perform } from './perform.js';
import type { WorkRequest } from './requests.js';

process.on('message', async (request: WorkRequest) => {
  process.send?.(await perform(request));
});
// Drivers keep threads alive.
process.on('disconnect', () => process.exit(0));
