// The face of an emitted function: what its parameters, outputs and module are called, and what shapes they have.
// The function, the module, the checks and the manifest all read it.
import { type Domain, type Graph, history, type Node, type TensorNode } from '../../src/ir/index.js';
import { Names } from '../shared/text/names.js';
import type { Source } from '../shared/text/source.js';
import { sizeText } from './function-writer.js';
import { helperNames } from './helpers.js';
import { className, endingOf, moduleNames, pythonNames } from './python.js';

/** What every file of one compile says about itself. */
export interface Origin {
  readonly version: string;
  readonly name: string;
  /** Whether each node is rounded to the dtype of the call, and outputs are not. */
  readonly roundsNodes?: boolean;
}

export interface Argument {
  readonly node: TensorNode;
  /** Its name in Python. */
  readonly name: Source<'python'>;
  readonly isPositional: boolean;
}

export interface Result {
  readonly node: Node;
  readonly name: Source<'python'>;
  /** Whether it holds the last R rows of its query axis; `axis` is where that is. */
  readonly rowAxis: number | undefined;
}

export interface Signature {
  readonly graph: Graph;
  readonly origin: Origin;
  /** The name of the file, without its ending, and of the function. */
  readonly function: Source<'python'>;
  /** The class that holds the parameters; undefined where there are none. */
  readonly module: Source<'python'> | undefined;
  /** The class of the outputs; undefined where there is only one. */
  readonly outputs: Source<'python'> | undefined;
  readonly arguments: readonly Argument[];
  readonly results: readonly Result[];
  /** Whether a call may ask for the last R rows only. */
  readonly hasRows: boolean;
  readonly history: number;
  readonly names: Names<'python'>;
}

const positionalRoles = new Set<TensorNode['role']>(['queries', 'keys', 'values', 'keysAndValues']);

/** Attributes that torch.nn.Module has already, or a variant of a study: no parameter may hide one. */
const moduleAttributes = [
  'add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches eval extra_repr forward',
  'get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict modules mtia named_buffers',
  'named_children named_modules named_parameters parameters register_buffer register_forward_hook register_module',
  'register_parameter requires_grad_ reset_parameters set_extra_state set_submodule share_memory state_dict to to_empty',
  'train training xpu zero_grad variant reason_for_eager reason_for_eager_gradients',
].flatMap((line) => line.split(' '));

export function signatureOf(graph: Graph, origin: Origin): Signature {
  const isGradient = graph.inputs.some(({ role }) => role === 'cotangent');
  const taken = [...helperNames, ...moduleAttributes];
  const names = new Names(pythonNames, taken);
  // Systems that know no capitals find Random.py for the module random.
  const isKept = (name: string): boolean => moduleNames.reserved.has(name);
  const wanted = !isKept(origin.name) && isKept(origin.name.toLowerCase()) ? `${origin.name}_attention` : origin.name;
  // Beside the function a package has a module called context, which users import.
  const functionName = new Names(moduleNames, [...taken, 'context']).take(wanted, { ending: endingOf(wanted) });
  names.reserve([functionName]);
  const made = className(origin.name);
  const parameters = graph.inputs.filter(({ role }) => role === 'parameter');
  const module = parameters.length > 0 && !isGradient ? names.take(made) : undefined;
  const outputs = graph.outputs.length > 1 ? names.take(`${made}Output`) : undefined;
  const given = graph.inputs.map((node) => ({
    node,
    name: names.take(node.name, { ending: endingOf(node.name) }),
    isPositional: positionalRoles.has(node.role),
  }));
  // Queries, keys and values come first, in the order of the spec.
  const order: readonly TensorNode['role'][] = ['queries', 'keys', 'keysAndValues', 'values'];
  const rank = ({ node: { role } }: Argument): number => order.indexOf(role);
  const positional = given.filter(({ isPositional }) => isPositional).sort((x, y) => rank(x) - rank(y));
  const fields = new Names(pythonNames);
  const results = graph.outputs.map(({ name, node }) => {
    const axis = node.domain.findIndex(({ kind }) => kind === 'query');
    return {
      node,
      name: fields.take(name, { ending: endingOf(name) }),
      rowAxis: axis < 0 || isGradient ? undefined : axis,
    };
  });
  return {
    graph,
    origin,
    function: functionName,
    module,
    outputs,
    arguments: [...positional, ...given.filter(({ isPositional }) => !isPositional)],
    results,
    hasRows: results.some(({ rowAxis }) => rowAxis !== undefined),
    history: history(graph),
    names,
  };
}

/** [B, 4, Tq, 32] */
export function shapeText(domain: Domain, queries = 'Tq'): string {
  return `[${domain.map((axis) => (axis.kind === 'query' ? queries : sizeText(axis))).join(', ')}]`;
}
