// Rule: every value is assigned once, and used only where its assignment dominates: behind it in the same block, or in a
// block inside. A loop gives its body the values that it carries; loops and switches give what their blocks yield.
import type { Block, Statement } from '../program.js';
import type { Value } from '../types.js';
import { definitionsOf, innerBlocks, usesOf, valuesInside } from '../walk.js';
import { type KernelSite, nameOf, type ProgramReport, type ProgramRule } from './rule.js';

export const valuesAreDefined: ProgramRule = (report) => {
  const assigned = new Set<Value>();
  for (const site of report.kernels) new Scopes(report, site, assigned).block(site.kernel.body, new Set());
};

class Scopes {
  private readonly report: ProgramReport;
  private readonly kernel: KernelSite;
  private readonly assigned: Set<Value>;

  constructor(report: ProgramReport, kernel: KernelSite, assigned: Set<Value>) {
    this.report = report;
    this.kernel = kernel;
    this.assigned = assigned;
  }

  /** `outer` is what the block sees; what it adds is gone behind it. */
  block(block: Block, outer: ReadonlySet<Value>, owner?: Statement): void {
    const visible = new Set(outer);
    for (const statement of block.statements) {
      this.use(usesOf(statement), visible, statement);
      const given = valuesInside(statement);
      this.define(given, statement);
      for (const inner of innerBlocks(statement)) this.block(inner, new Set([...visible, ...given]), statement);
      this.define(definitionsOf(statement), statement);
      for (const value of definitionsOf(statement)) visible.add(value);
    }
    this.use(block.yields, visible, owner);
  }

  private use(values: readonly Value[], visible: ReadonlySet<Value>, statement: Statement | undefined): void {
    for (const value of values) {
      if (!visible.has(value))
        this.report.violation('HD8001', this.at(statement), { value: nameOf(value, this.kernel) });
    }
  }

  private define(values: readonly Value[], statement: Statement): void {
    for (const value of values) {
      if (this.assigned.has(value)) {
        this.report.violation('HD8002', this.at(statement), { value: nameOf(value, this.kernel) });
      }
      this.assigned.add(value);
    }
  }

  private at(statement: Statement | undefined) {
    return statement === undefined ? this.kernel : { ...this.kernel, statement, scalars: new Set<string>() };
  }
}
