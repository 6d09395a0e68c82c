// The measuring process: all contenders on one device, their repetitions interleaved. Started by Node for Dawn and by Deno for wgpu.
// A process of its own: where the driver comes from must be known before a process starts.
import process from 'node:process';
import { fromJson } from '../src/ir/index.js';
import { entrantsOn } from './entrants.js';
import type { Request, Result } from './results.js';
import { measureLength } from './rounds.js';
import { openHost, serveRequest } from './serve.js';
import { lengthsOf } from './workloads.js';

await serveRequest<Request, Result>(async ({ lengths, repeats, workloads }, tell) => {
  const host = await openHost(process.argv[2]);
  const { adapter, jaxIsHere } = host.shared;
  const { vendor, architecture, device, description, isFallbackAdapter: software } = adapter;
  const features = [...host.shared.device.features].sort();
  tell({ kind: 'device', device: { vendor, architecture, device, description, software, features, jaxIsHere } });
  for (const { computed, ...packed } of workloads) {
    const workload = { ...packed, computed: fromJson(computed) };
    const entrants = entrantsOn(host.shared, workload);
    for (const length of lengthsOf(workload, lengths)) {
      const task = { workload, entrants: entrants(length), length, repeats };
      const { measured, failures } = await measureLength(host, task);
      for (const each of measured) tell({ kind: 'measured', measured: each });
      for (const each of failures) tell({ kind: 'failed', failure: each });
    }
  }
});
