// Rule: memory flows forward. Inputs are never written, every output is, nothing is read before an earlier kernel has
// written it, and no kernel reads what it writes: blocks run in any order and see nothing of each other.
import type { Buffer } from '../types.js';
import { accessesOf } from '../walk.js';
import { tablesOf } from './elements.js';
import type { ProgramRule, Site } from './rule.js';

export const memoryFlowsForward: ProgramRule = (report) => {
  const written = new Set<Buffer>();
  const byName = new Map(report.program.buffers.map((buffer) => [buffer.name, buffer]));
  for (const { kernel } of report.kernels) {
    const sites = report.sites.filter((site) => site.kernel === kernel);
    const reads = sites.flatMap((site) => readsOf(site, byName).map((buffer) => ({ site, buffer })));
    const writes = sites.flatMap((site) => buffersOf(site, 'write').map((buffer) => ({ site, buffer })));
    const [read, own] = [reads, writes].map((accesses) => new Set(accesses.map(({ buffer }) => buffer)));
    for (const { site, buffer } of reads) {
      const isThere = buffer.role === 'input' || written.has(buffer);
      // A kernel that also writes it has the other fault.
      if (!isThere && !own!.has(buffer)) report.violation('HD8024', site, { buffer: buffer.name });
    }
    for (const { site, buffer } of writes) {
      if (buffer.role === 'input') report.violation('HD8022', site, { buffer: buffer.name });
      else if (read!.has(buffer)) {
        report.violation('HD8025', site, { buffer: buffer.name });
      }
    }
    for (const { buffer } of writes) written.add(buffer);
  }
  for (const buffer of report.program.buffers) {
    if (buffer.role === 'output' && !written.has(buffer)) {
      report.violation('HD8023', undefined, { buffer: buffer.name });
    }
  }
};

const buffersOf = ({ statement }: Site, is: 'read' | 'write'): readonly Buffer[] =>
  accessesOf(statement).flatMap((access) => (access.is === is ? [access.buffer] : []));

/** What a statement reads by a load, as a view, or as a table of an element expression. */
function readsOf(site: Site, byName: ReadonlyMap<string, Buffer>): readonly Buffer[] {
  const tables = new Set(tablesOf(site).flatMap((name) => byName.get(name) ?? []));
  return [...buffersOf(site, 'read'), ...tables];
}
