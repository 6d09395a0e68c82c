// Reads a score graph from its JSON form, which may come from anywhere: everything is checked, with the path to what is
// wrong, and the graph is verified before it is given out.
import { fail } from '../../diagnostics/index.js';
import type { Axis, AxisKind, Domain } from '../axis.js';
import { canonicalCounters } from '../canonical.js';
import type { Contents, LengthBound } from '../contents.js';
import type { Expression } from '../expression.js';
import type { Graph, SettingValue } from '../graph.js';
import { MOST_NODES } from '../limits.js';
import type { Initial, IterationAxis, Monoid, Node, TensorNode, TensorRole } from '../node.js';
import { verify } from '../verify.js';
import { type JsonObject, JsonPlace } from './document.js';
import { GRAPH_FORMAT } from './format.js';
import { readExpressions } from './read-expressions.js';

/**
 * The graph that `value`, a parsed JSON document, describes.
 * @throws HeddleError HD5041 for another format, HD5040 with a path for a wrong shape, HD50xx for a graph that breaks a rule.
 */
export function fromJson(value: unknown): Graph {
  const graph = new GraphReader(new JsonPlace(value, '$')).graph();
  verify(graph);
  return graph;
}

/** A table of names, for JsonPlace.oneOf. */
const names = <Name extends string>(...all: readonly Name[]): Readonly<Record<Name, true>> =>
  Object.fromEntries(all.map((name) => [name, true])) as Record<Name, true>;

const dynamicKinds = names('batch', 'query', 'key', 'position');
const axisKinds: Readonly<Record<AxisKind, true>> = { ...dynamicKinds, head: true, feature: true, extent: true };
const roles: Readonly<Record<TensorRole, true>> = names(
  'queries',
  'keys',
  'values',
  'keysAndValues',
  'parameter',
  'tensor',
  'integers',
  'cotangent',
);
const monoids: Readonly<Record<Monoid, true>> = names('sum', 'max', 'logSumExp');

const LARGEST_SIZE = 2 ** 31 - 1;

/** The fields of one node, with what its numbers stand for. */
interface NodeFields {
  readonly fields: JsonObject;
  readonly domain: Domain;
  readonly label: { readonly label?: string };
  readonly expression: (place: JsonPlace) => Expression;
}

class GraphReader {
  private readonly document: JsonPlace;
  private readonly nodes: Node[] = [];

  constructor(document: JsonPlace) {
    this.document = document;
  }

  graph(): Graph {
    const format = this.document.peek('format');
    if (format.value !== GRAPH_FORMAT) {
      fail('HD5041', { format: format.value === undefined ? '(none)' : (JSON.stringify(format.value) ?? '(none)') });
    }
    const fields = this.document.object([
      'format',
      '$schema',
      'name',
      'settings',
      'formula',
      'paper',
      'history',
      'nodes',
      'inputs',
      'outputs',
    ]);
    const entries = fields.get('nodes').list();
    if (entries.length > MOST_NODES) fields.get('nodes').fail(`at most ${MOST_NODES} nodes`, String(entries.length));
    for (const entry of entries) this.nodes.push(this.node(entry));
    const settings = fields.has('settings') ? fields.get('settings').namedEntries() : [];
    const text = (name: 'formula' | 'paper') => (fields.has(name) ? { [name]: fields.get(name).string() } : {});
    return {
      name: fields.get('name').name(),
      settings: Object.fromEntries(settings.map(([name, place]) => [name, setting(place)])),
      ...text('formula'),
      ...text('paper'),
      ...(fields.has('history')
        ? { history: fields.get('history').whole(0, LARGEST_SIZE, 'a whole number from 0') }
        : {}),
      inputs: fields
        .get('inputs')
        .list()
        .map((place): TensorNode => {
          const node = this.nodeAt(place);
          return node.op === 'tensor' ? node : place.fail('the number of a tensor node');
        }),
      outputs: fields
        .get('outputs')
        .list()
        .map((place) => {
          const output = place.object(['name', 'node']);
          return { name: output.get('name').name(), node: this.nodeAt(output.get('node')) };
        }),
    };
  }

  /** The node of a number: an earlier one, so that there are no cycles. */
  private nodeAt(place: JsonPlace): Node {
    return this.nodes[place.whole(0, this.nodes.length - 1, 'the number of an earlier node')]!;
  }

  private node(place: JsonPlace): Node {
    const op = place.peek('op').oneOf(this.makers);
    const { fields: own, make } = this.makers[op];
    const fields = place.object(['op', 'domain', 'label', 'expressions', ...own]);
    const nodeAt = (reference: JsonPlace): Node => this.nodeAt(reference);
    const list = fields.has('expressions') ? readExpressions(fields.get('expressions'), nodeAt) : [];
    const expression = (reference: JsonPlace): Expression =>
      list[reference.whole(0, list.length - 1, "the number of one of the node's expressions")]!;
    return make({
      fields,
      domain: fields.get('domain').list().map(axis),
      label: fields.has('label') ? { label: fields.get('label').string() } : {},
      expression: (reference) => canonicalCounters(expression(reference)),
    });
  }

  private readonly makers: Readonly<
    Record<Node['op'], { readonly fields: readonly string[]; readonly make: (given: NodeFields) => Node }>
  > = {
    tensor: {
      fields: ['name', 'role', 'initial', 'contents'],
      make: ({ fields, domain, label, expression }) => {
        const role = fields.get('role').oneOf(roles);
        const start = fields.has('initial') ? { initial: initial(fields.get('initial'), expression) } : {};
        const dtype = role === 'integers' ? 'int' : 'float';
        const held = fields.has('contents') ? { contents: contents(fields.get('contents')) } : {};
        return { op: 'tensor', name: fields.get('name').name(), role, dtype, domain, ...start, ...held, ...label };
      },
    },
    dot: {
      fields: ['x', 'y'],
      make: ({ fields, domain, label }) => {
        const [x, y] = [this.nodeAt(fields.get('x')), this.nodeAt(fields.get('y'))];
        return { op: 'dot', x, y, domain, ...label };
      },
    },
    map: { fields: ['value'], make: (given) => this.map('map', given) },
    rowmap: { fields: ['value'], make: (given) => this.map('rowmap', given) },
    fill: {
      fields: ['value', 'mask', 'otherwise'],
      make: ({ fields, domain, label, expression }) => {
        const value = this.nodeAt(fields.get('value'));
        const otherwise = fields.get('otherwise').number();
        return { op: 'fill', value, mask: expression(fields.get('mask')), otherwise, domain, ...label };
      },
    },
    reduce: {
      fields: ['monoid', 'over', 'value'],
      make: ({ fields, domain, label, expression }) => {
        const monoid = fields.get('monoid').oneOf(monoids);
        const over = iteration(fields.get('over'));
        return { op: 'reduce', monoid, over, value: expression(fields.get('value')), domain, ...label };
      },
    },
    contract: {
      fields: ['over', 'weights', 'operand'],
      make: ({ fields, domain, label }) => {
        const over = fields.get('over').oneOf(names('key', 'query'));
        const [weights, operand] = [this.nodeAt(fields.get('weights')), this.nodeAt(fields.get('operand'))];
        return { op: 'contract', over, weights, operand, domain, ...label };
      },
    },
    bin: {
      fields: ['iterate', 'index', 'value'],
      make: ({ fields, domain, label, expression }) => {
        const index = fields.get('index').list().map(expression);
        const iterate = iteration(fields.get('iterate'));
        return { op: 'bin', iterate, index, value: expression(fields.get('value')), domain, ...label };
      },
    },
  };

  private map(op: 'map' | 'rowmap', { fields, domain, label, expression }: NodeFields): Node {
    return { op, value: expression(fields.get('value')), domain, ...label };
  }
}

function axis(place: JsonPlace): Axis {
  const fields = place.object(['kind', 'size']);
  const kind = fields.get('kind').oneOf(axisKinds);
  if (kind !== 'head' && kind !== 'feature' && kind !== 'extent') {
    return fields.has('size')
      ? fields.get('size').fail(`no size: that of a ${kind} axis is known only in a call`)
      : { kind };
  }
  return { kind, size: fields.get('size').whole(1, LARGEST_SIZE, 'a whole number from 1') };
}

function iteration(place: JsonPlace): readonly IterationAxis[] {
  return place.list().map((each) => {
    const fields = each.object(['variable', 'axis']);
    return { variable: fields.get('variable').string(), axis: axis(fields.get('axis')) };
  });
}

function initial(place: JsonPlace, expression: (place: JsonPlace) => Expression): Initial {
  const fields = place.object(place.peek('law').value === 'expression' ? ['law', 'value'] : ['law', 'size']);
  const law = fields.get('law').oneOf(names('expression', 'normal', 'uniform'));
  if (law === 'expression') return { law, value: expression(fields.get('value')) };
  return { law, size: fields.get('size').number() };
}

function contents(place: JsonPlace): Contents {
  const fields = place.object(['from', 'to', 'increasing']);
  const increasing = fields.has('increasing');
  if (increasing && fields.get('increasing').value !== true) return fields.get('increasing').fail('true');
  return {
    ...(fields.has('from') ? { from: fields.get('from').number() } : {}),
    ...(fields.has('to') ? { to: bound(fields.get('to')) } : {}),
    ...(increasing ? { increasing } : {}),
  };
}

function bound(place: JsonPlace): number | LengthBound {
  if (typeof place.value !== 'object' || place.value === null) return place.number();
  const fields = place.object(['length', 'less']);
  const length = fields.get('length').oneOf(names('batch', 'key'));
  return { length, less: fields.get('less').whole(0, 1, '0 or 1') === 0 ? 0 : 1 };
}

function setting(place: JsonPlace): SettingValue {
  const { value } = place;
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (Array.isArray(value)) return place.list().map((each) => each.number());
  if (typeof value === 'object' && value !== null) return place.object(['number']).get('number').number();
  return place.number();
}
