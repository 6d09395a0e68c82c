// Prints a score graph for people, in a form that parse.ts reads back as the same graph. The grammar is docs/score-graph.md.
// One statement a node, in topological order; what is shared inside a node's expression is bound by `let`.
import { type Axis, type Domain, domainVariables, staticSize } from '../axis.js';
import type { LengthBound } from '../contents.js';
import type { Expression } from '../expression.js';
import { type Graph, type SettingValue, topological } from '../graph.js';
import type { IterationAxis, Node, NodeOf, TensorNode } from '../node.js';
import { type Doc, flat, group, joined, line, nest, render } from './layout.js';
import { nameNodes } from './names.js';
import { printRoot } from './print-expression.js';
import { type Binding, binding, lengthNames, spellFloat, spellName } from './spelling.js';

export interface PrintOptions {
  /** A remark on a node, printed as a comment above it. */
  readonly comment?: (node: Node) => string | undefined;
}

/** Longer lines are broken, as far as their parts allow. */
const LINE_WIDTH = 110;

/** The text form of `graph`. */
export function print(graph: Graph, { comment }: PrintOptions = {}): string {
  const names = nameNodes(graph);
  const nodes = topological(graph);
  const remarked = (node: Node): string[] => {
    const remark = comment?.(node);
    return [...(remark === undefined ? [] : remark.split('\n').map((line) => `# ${line}`)), printNode(node, names)];
  };
  const tensors = nodes.filter(({ op }) => op === 'tensor').flatMap(remarked);
  const others = nodes.filter(({ op }) => op !== 'tensor').flatMap(remarked);
  const outputs = graph.outputs.map(({ name, node }) => `output ${spellName(name)} = ${names.get(node)}`);
  const sections = [printHeader(graph), tensors, others, outputs];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function printHeader(graph: Graph): string[] {
  return [
    `graph ${spellName(graph.name)}`,
    ...Object.entries(graph.settings).map(([name, value]) => `setting ${spellName(name)} = ${printSetting(value)}`),
    ...(graph.formula === undefined ? [] : [`formula ${JSON.stringify(graph.formula)}`]),
    ...(graph.paper === undefined ? [] : [`paper ${JSON.stringify(graph.paper)}`]),
    ...(graph.history === undefined ? [] : [`history ${spellNumber(graph.history)}`]),
  ];
}

const spellNumber = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

function printSetting(value: SettingValue): string {
  if (typeof value === 'number') return spellNumber(value);
  if (typeof value === 'object') return `[${value.map(spellNumber).join(', ')}]`;
  return JSON.stringify(value);
}

/** The statement of one node. `names` names it and all that it reads. */
export function printNode(node: Node, names: ReadonlyMap<Node, string>): string {
  return render(
    statement(node, (other) => names.get(other) ?? '%?'),
    LINE_WIDTH,
  );
}

function statement(node: Node, nameOf: (node: Node) => string): Doc {
  const label = node.label === undefined ? '' : ` ${JSON.stringify(node.label)}`;
  const head = `${node.op} ${nameOf(node)}${printDomain(node.domain)}${label}`;
  switch (node.op) {
    case 'tensor':
      return [`${head}: ${node.role}`, printInitial(node), printContents(node)];
    case 'dot':
      return `${head} = ${nameOf(node.x)} · ${nameOf(node.y)}`;
    case 'contract':
      return `${head} = ${nameOf(node.weights)} · ${nameOf(node.operand)} over ${node.over === 'key' ? 'j' : 'i'}`;
    case 'map':
    case 'rowmap':
      return withValue(`${head} =`, node.value, nameOf, binding.conditional);
    case 'reduce': {
      const start = `${head} = ${node.monoid}${printIteration(node.over)}`;
      return withValue(start, node.value, nameOf, binding.accumulation);
    }
    case 'fill': {
      const mask = printRoot(node.mask, nameOf);
      const otherwise = spellFloat(node.otherwise);
      return group(`${head} = ${nameOf(node.value)}`, nest(line, 'where ', mask, line, `else ${otherwise}`));
    }
    case 'bin': {
      const places = node.index.map((each) => printRoot(each, nameOf));
      const start = `${head} = sum${printIteration(node.iterate)}`;
      const value = withValue(start, node.value, nameOf, binding.accumulation);
      return [value, ' at [', joined(places, ', '), ']'];
    }
  }
}

function printContents({ dtype, contents }: NodeOf<'tensor'>): string {
  if (contents === undefined) return '';
  const { from, to, increasing } = contents;
  const end = (each: number | LengthBound): string => {
    if (typeof each === 'number') return dtype === 'int' ? String(each) : spellFloat(each);
    return `${lengthNames[each.length]}${each.less === 0 ? '' : ' - 1'}`;
  };
  const ends = [from === undefined ? '' : ` from ${end(from)}`, to === undefined ? '' : ` to ${end(to)}`];
  return `${ends.join('')}${increasing ? ' increasing' : ''}`;
}

/** A domain in brackets: the variable of each axis, with the size where it is known: `[b, h:4, i, j]`. */
export function printDomain(domain: Domain): string {
  const variables = domainVariables(domain);
  return `[${domain.map((axis, n) => variables[n]! + printSize(axis)).join(', ')}]`;
}

const printSize = (axis: Axis): string => {
  const size = staticSize(axis);
  return size === undefined ? '' : `:${size}`;
};

/** The axes that a node runs over: the axis alone where its variable is the usual one, `n in h:4` otherwise. */
function printIteration(iteration: readonly IterationAxis[]): string {
  const axes = iteration.map(({ variable, axis }) => {
    const usual = domainVariables([axis])[0]!;
    return `${variable === usual ? '' : `${variable} in `}${usual}${printSize(axis)}`;
  });
  return `(${axes.join(', ')})`;
}

function printInitial({ initial }: TensorNode): Doc {
  if (initial === undefined) return '';
  if (initial.law !== 'expression') return ` ~ ${initial.law}(${spellNumber(initial.size)})`;
  return group(
    ' =',
    nest(
      line,
      printRoot(initial.value, () => '%?'),
    ),
  );
}

/** A value behind `start`: on a line of its own where it does not fit, with its shared parts on lines of theirs. */
function withValue(start: string, value: Expression, nameOf: (node: Node) => string, loosest: Binding): Doc {
  const doc = printRoot(value, nameOf, loosest, true);
  const isBlock = flat(doc).startsWith('{');
  return isBlock ? [start, ' ', doc] : group(start, nest(line, doc));
}
