// Compares all ways to run one random spec with the interpreter, by the error rule of the checks.
// What goes wrong is told, never thrown.
import { randomInputs as drawnInputs, judgeOutput } from '../../src/checking/index.js';
import { interpret } from '../../src/interpreter/index.js';
import { roundTensor } from '../../src/tensors/index.js';
import { randomInputs } from '../support/random-inputs.js';
import { NotTaken, type Obstacle, type Path, type PathName, type Tensors } from './paths.js';
import type { RandomSpec } from './random-spec.js';

export type Outcome =
  | { readonly outcome: 'agrees'; readonly kinds: readonly string[] }
  /** No schedule takes the spec, none fits, or the one that was drawn is not for it. */
  | { readonly outcome: 'not taken'; readonly obstacle: Obstacle; readonly reason: string }
  | { readonly outcome: 'disagrees'; readonly problem: string };

export type Comparison =
  | {
      readonly comparable: true;
      readonly outcomes: Readonly<Partial<Record<PathName, Outcome>>>;
      readonly milliseconds: Readonly<Partial<Record<PathName | 'interpreter', number>>>;
    }
  /** The interpreter itself gives NaN, or overflows in float32. */
  | { readonly comparable: false };

export async function compare(spec: RandomSpec, paths: Readonly<Partial<Record<PathName, Path>>>): Promise<Comparison> {
  const { compared, shape } = spec;
  const { rows } = shape;
  const inputs =
    spec.edge === undefined
      ? new Map(
          [...randomInputs(compared, shape, spec.inputs)].map(([name, tensor]) => [name, roundTensor(tensor, 'f32')]),
        )
      : drawnInputs(compared, shape, spec.inputs, 'f32', spec.edge);
  const started = performance.now();
  const gold = interpret(compared, inputs, { rows });
  if ([...gold.values()].some(({ data }) => data.some(Number.isNaN))) return { comparable: false };
  const low = interpret(compared, inputs, { rows, precision: 'f32' });
  if (!areFiniteAlike(gold, low)) return { comparable: false };
  const milliseconds: Partial<Record<PathName | 'interpreter', number>> = { interpreter: performance.now() - started };
  const outcomes: Partial<Record<PathName, Outcome>> = {};
  for (const [name, path] of Object.entries(paths) as [PathName, Path][]) {
    const before = performance.now();
    outcomes[name] = await outcomeOf(path, spec, inputs, { gold, low });
    milliseconds[name] = performance.now() - before;
  }
  return { comparable: true, outcomes, milliseconds };
}

/** Edge numbers may overflow in float32: then there is nothing to compare with. */
function areFiniteAlike(gold: Tensors, low: Tensors): boolean {
  return [...gold].every(([name, { data }]) =>
    data.every((value, n) => {
      const other = low.get(name)!.data[n]!;
      return Number.isFinite(value) ? Number.isFinite(other) : value === other;
    }),
  );
}

async function outcomeOf(
  path: Path,
  spec: RandomSpec,
  inputs: Tensors,
  { gold, low }: { readonly gold: Tensors; readonly low: Tensors },
): Promise<Outcome> {
  try {
    const computed = await path.run(spec, inputs);
    const problems = computed.flatMap(({ outputs, kind }) => {
      const own = [...gold].flatMap(([name, expected]) => {
        const actual = outputs.get(name);
        if (!actual) return [`output ${name} is missing`];
        const call = { inputs, rows: spec.shape.rows, low: low.get(name)! };
        const { passed, reason } = judgeOutput(spec.compared, 'f32', call, name, { out: actual, gold: expected });
        return passed ? [] : [`${name}: ${reason ?? 'wrong'}`];
      });
      return own.length === 0 ? [] : [`${own.join('; ')}${kind ? ` (${kind})` : ''}`];
    });
    if (problems.length > 0) return { outcome: 'disagrees', problem: problems.join('; ') };
    return { outcome: 'agrees', kinds: computed.flatMap(({ kind }) => kind ?? []) };
  } catch (error) {
    if (error instanceof NotTaken) return { outcome: 'not taken', obstacle: error.obstacle, reason: error.message };
    return { outcome: 'disagrees', problem: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** What went wrong, by path. */
export function disagreementsOf(comparison: Comparison): ReadonlyMap<PathName, string> {
  const found = new Map<PathName, string>();
  if (!comparison.comparable) return found;
  for (const [name, each] of Object.entries(comparison.outcomes) as [PathName, Outcome][]) {
    if (each.outcome === 'disagrees') found.set(name, each.problem);
  }
  return found;
}
