// The shape of one rule of the tile verifier, and what a rule is given: the program, and every statement with its kernel
// and the scalars in scope. Rules are independent: each must hold its own on programs that break all the others.
import type { Code, Details } from '../../../src/diagnostics/catalogue/index.js';
import { type Diagnostic, diagnostic } from '../../../src/diagnostics/index.js';
import { nameValues, printStatement, type ValueNames } from '../print.js';
import {
  type Block,
  type Kernel,
  programVariables,
  type Repetition,
  repetitionVariables,
  type Statement,
  type TileProgram,
} from '../program.js';
import type { Value } from '../types.js';
import { innerBlocks } from '../walk.js';

/** Reports the violations of one rule in one program. */
export type ProgramRule = (report: ProgramReport) => void;

/** A kernel with the repetition that launches it, if one does. */
export interface KernelSite {
  readonly kernel: Kernel;
  readonly repeat: Repetition | undefined;
  readonly names: ValueNames;
}

/** A statement where it stands. */
export interface Site extends KernelSite {
  readonly statement: Statement;
  /** The scalars that the statement may use, its own loop variable not among them. */
  readonly scalars: ReadonlySet<string>;
}

export class ProgramReport {
  readonly program: TileProgram;
  readonly found: Diagnostic[] = [];
  /** In the order in which they are launched. */
  readonly kernels: readonly KernelSite[];
  /** Every statement of every kernel, outer ones before those inside of them. */
  readonly sites: readonly Site[];

  constructor(program: TileProgram) {
    this.program = program;
    this.kernels = program.launches.flatMap((launch) => {
      const [kernels, repeat] =
        launch.launch === 'kernel' ? [[launch.kernel], undefined] : [launch.kernels, launch.axis];
      return kernels.map((kernel) => ({ kernel, repeat, names: nameValues(kernel) }));
    });
    this.sites = this.kernels.flatMap((site) => sitesOf(site.kernel.body, site, kernelScalars(site)));
  }

  /** Reports a violation at a statement, in a kernel, or of the program where no place is given. */
  violation<C extends Code>(code: C, place: Site | KernelSite | undefined, details: Omit<Details<C>, 'at'>): void {
    this.found.push(diagnostic(code, { at: this.placeText(place), ...details } as unknown as Details<C>));
  }

  private placeText(place: Site | KernelSite | undefined): string {
    if (place === undefined) return `program ${this.program.name}`;
    const kernel = `kernel ${place.kernel.name}`;
    if (!('statement' in place)) return kernel;
    return `${kernel}, \`${printStatement(place.statement, place.names)[0]}\``;
  }
}

/** A value as a message names it. */
export const nameOf = (value: Value, { names }: KernelSite): string => {
  const name = names.get(value);
  return name === undefined ? 'a value that no statement assigns' : `\`${name}\``;
};

/** The scalars that a kernel's body may use. */
function kernelScalars({ kernel, repeat }: KernelSite): ReadonlySet<string> {
  const grid = kernel.grid.map(({ variable }) => variable);
  return new Set([...programVariables, ...repetitionVariables(repeat), ...grid]);
}

function sitesOf(block: Block, kernel: KernelSite, scalars: ReadonlySet<string>): readonly Site[] {
  return block.statements.flatMap((statement) => {
    const inner = statement.statement === 'for' ? new Set([...scalars, statement.variable]) : scalars;
    const inside = innerBlocks(statement).flatMap((each) => sitesOf(each, kernel, inner));
    return [{ ...kernel, statement, scalars }, ...inside];
  });
}
