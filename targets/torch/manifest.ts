// The manifest of an emitted module: what a program must know to call it without reading it.
// Its schema is targets/manifest.schema.json, which the targets share.
import { type Axis, type Domain, domainVariables } from '../../src/ir/index.js';
import { contentHash } from '../shared/content-hash.js';
import type { ManifestHead } from '../shared/manifest-head.js';
import type { Signature } from './signature.js';

export interface ManifestAxis {
  readonly name: string;
  readonly kind: string;
  /** A number, or the name of a size that a call gives. */
  readonly size: number | 'batch' | 'queries' | 'keys';
}

export interface ManifestTensor {
  readonly name: string;
  /** `float` is any float dtype, the same one for all tensors of a call; `int` any integer dtype. */
  readonly dtype: 'float' | 'int';
  readonly axes: readonly ManifestAxis[];
}

export interface Manifest extends ManifestHead<'torch'> {
  /** The torch.nn.Module that holds the parameters, where there are any. */
  readonly module?: string;
  readonly inputs: readonly (ManifestTensor & {
    readonly role: string;
    /** Its name as a parameter of the function. */
    readonly argument: string;
    readonly strides: 'any';
  })[];
  readonly outputs: readonly ManifestTensor[];
  readonly kernels: readonly never[];
}

const sizeNames = { batch: 'batch', query: 'queries', key: 'keys', position: 'keys' } as const;

const sizeOf = (axis: Axis): ManifestAxis['size'] => ('size' in axis ? axis.size : sizeNames[axis.kind]);

const axesOf = (domain: Domain): readonly ManifestAxis[] =>
  domainVariables(domain).map((name, axis) => ({ name, kind: domain[axis]!.kind, size: sizeOf(domain[axis]!) }));

export function manifestOf(signature: Signature, files: ReadonlyMap<string, string>): Manifest {
  const { graph, origin, module } = signature;
  return {
    heddle: origin.version,
    target: 'torch',
    name: origin.name,
    settings: graph.settings,
    ...(graph.formula === undefined ? {} : { formula: graph.formula }),
    ...(graph.paper === undefined ? {} : { paper: graph.paper }),
    files: [...files].map(([path, text]) => ({ path, hash: contentHash(text) })),
    entry: signature.function,
    ...(module === undefined ? {} : { module }),
    history: signature.history,
    inputs: signature.arguments.map(({ node, name }) => ({
      name: node.name,
      role: node.role,
      dtype: node.dtype,
      axes: axesOf(node.domain),
      argument: name,
      strides: 'any',
    })),
    outputs: signature.results.map(({ node }, n) => ({
      name: graph.outputs[n]!.name,
      dtype: node.op === 'tensor' ? node.dtype : 'float',
      axes: axesOf(node.domain),
    })),
    kernels: [],
  };
}
