// Emits a score graph as readable eager PyTorch: a Python module that depends on torch alone, and its manifest.
// Runs in a browser; needs neither Python nor Node. Same graph, same bytes.
import type { Graph } from '../../src/ir/index.js';
import { type Manifest, manifestOf } from './manifest.js';
import { moduleText } from './module-text.js';
import { signatureOf } from './signature.js';

export interface EmitOptions {
  /** The name of the file and of the function; the graph's by default. */
  readonly name?: string;
  /** The version of the compiler, for headers and the manifest. */
  readonly version?: string;
  /**
   * Round each node once to the dtype of the call, as the yardstick of the error rule does: row statistics stay in float32,
   * and outputs come back as they were computed.
   */
  readonly roundsNodes?: boolean;
}

export interface EmittedTorch {
  /** The module and manifest.json, by file name. */
  readonly files: ReadonlyMap<string, string>;
  /** The file name of the module. */
  readonly module: string;
  readonly manifest: Manifest;
}

/** Emits `graph`: as the spec wrote it, or after the passes. */
export function emitTorch(graph: Graph, options: EmitOptions = {}): EmittedTorch {
  const signature = signatureOf(graph, {
    name: options.name ?? graph.name,
    version: options.version ?? 'unreleased',
    roundsNodes: options.roundsNodes ?? false,
  });
  const module = `${signature.function}.py`;
  const files = new Map([[module, moduleText(signature)]]);
  const manifest = manifestOf(signature, files);
  files.set('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
  return { files, module, manifest };
}
