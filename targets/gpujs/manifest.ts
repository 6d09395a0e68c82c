// The manifest of an emitted module: what a program must know to call it without reading it.
// Its schema is targets/manifest.schema.json, which the targets share.
import { type Domain, domainVariables, history } from '../../src/ir/index.js';
import { contentHash } from '../shared/content-hash.js';
import type { ManifestHead } from '../shared/manifest-head.js';
import type { Plan } from './kernels.js';
import type { Limits } from './limits.js';
import { factoryName, type Origin, type Size, shapeOf } from './module-text.js';

export interface ManifestAxis {
  readonly name: string;
  readonly kind: string;
  /** A number, or the name of a size that a call gives. */
  readonly size: Size;
}

export interface Manifest extends ManifestHead<'gpujs'> {
  readonly limits: { readonly keys: number; readonly integers: number };
  readonly inputs: readonly {
    readonly name: string;
    readonly role: string;
    readonly dtype: 'float32' | 'int32';
    readonly axes: readonly ManifestAxis[];
  }[];
  readonly outputs: readonly {
    readonly name: string;
    readonly dtype: 'float32';
    readonly axes: readonly ManifestAxis[];
  }[];
  /** In the order in which they run. `elements` is the product of the shape. */
  readonly kernels: readonly {
    readonly name: string;
    readonly reads: readonly string[];
    readonly axes: readonly ManifestAxis[];
    readonly scratch: boolean;
    readonly bytes: string;
  }[];
  readonly tables: readonly { readonly name: string; readonly bytes: string }[];
}

const axesOf = (domain: Domain): readonly ManifestAxis[] => {
  const sizes = shapeOf(domain);
  return domainVariables(domain).map((name, axis) => ({ name, kind: domain[axis]!.kind, size: sizes[axis]! }));
};

/** The bytes of a float32 value as a formula over the sizes of a call: 4 * 8 * batch * queries * keys. */
function bytesText(sizes: readonly Size[]): string {
  const fixed = sizes.reduce<number>((product, size) => (typeof size === 'number' ? product * size : product), 4);
  return [fixed, ...sizes.filter((size) => typeof size !== 'number')].join(' * ');
}

export function manifestOf(
  plan: Plan,
  limits: Limits,
  { name, version }: Origin,
  files: ReadonlyMap<string, string>,
): Manifest {
  const { graph } = plan;
  const outputs = new Set(graph.outputs.map(({ node }) => node));
  return {
    heddle: version,
    target: 'gpujs',
    name,
    settings: graph.settings,
    ...(graph.formula === undefined ? {} : { formula: graph.formula }),
    ...(graph.paper === undefined ? {} : { paper: graph.paper }),
    files: [...files].map(([path, text]) => ({ path, hash: contentHash(text) })),
    entry: factoryName(name),
    history: history(graph),
    limits: { keys: limits.keys, integers: limits.integers },
    inputs: graph.inputs.map((node) => ({
      name: node.name,
      role: node.role,
      dtype: node.dtype === 'int' ? ('int32' as const) : ('float32' as const),
      axes: axesOf(node.domain),
    })),
    outputs: graph.outputs.map((output) => ({
      name: output.name,
      dtype: 'float32' as const,
      axes: axesOf(output.node.domain),
    })),
    kernels: plan.kernels.map(({ name: kernel, node, domain, sources }) => ({
      name: kernel,
      reads: sources.map((source) => plan.names.get(source)!),
      axes: axesOf(domain),
      scratch: !outputs.has(node),
      bytes: bytesText(shapeOf(domain)),
    })),
    tables: plan.tables.map(({ node, axes }) => ({
      name: plan.names.get(node)!,
      bytes: ['4', ...axes.map(({ low, high }) => `(${extentText(low, high)})`)].join(' * '),
    })),
  };
}

type Bound = Readonly<Record<'constant' | 'batch' | 'queries' | 'keys', number>>;

function extentText(low: Bound, high: Bound): string {
  const terms = (['keys', 'queries', 'batch'] as const)
    .map((size) => ({ size, factor: high[size] - low[size] }))
    .filter(({ factor }) => factor !== 0)
    .map(({ size, factor }) => `${factor} * ${size}`);
  return [...terms, high.constant - low.constant + 1].join(' + ');
}
