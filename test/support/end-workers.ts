// Runs with every file of tests: files share a process and what it has loaded, but no workers of devices, which would add up.
import { afterAll } from 'vitest';
import { endWorkers } from '../../targets/shared/device/worker-process.js';

afterAll(endWorkers);
