// Reads a score graph from its text form: the inverse of print.ts, statement by statement. The grammar is docs/score-graph.md.
// It builds what the text says; whether that is a sound graph is for the verifier to say.
import { isName, NAME_RULE } from '../../names.js';
import { type Axis, type AxisKind, type Domain, domainVariables } from '../axis.js';
import { canonicalCounters } from '../canonical.js';
import type { Contents, LengthBound } from '../contents.js';
import type { Expression } from '../expression.js';
import type { Graph, GraphOutput, SettingValue } from '../graph.js';
import { MOST_NODES } from '../limits.js';
import type { Initial, IterationAxis, Monoid, Node, NodeOf, TensorNode, TensorRole } from '../node.js';
import { parseExpression } from './parse-expression.js';
import { type Binding, binding, lengthNames, spellName } from './spelling.js';
import { type Token, TokenReader } from './tokens.js';

/**
 * The graph that `text` says. Not verified: call `verify` on what comes from outside.
 * @throws HeddleError HD503x with line and column.
 */
export function parse(text: string): Graph {
  return new GraphParser(text).graph();
}

const axisKinds: Readonly<Record<string, AxisKind>> = {
  b: 'batch',
  h: 'head',
  i: 'query',
  j: 'key',
  p: 'position',
  d: 'feature',
  x: 'extent',
};

const roles = {
  queries: true,
  keys: true,
  values: true,
  keysAndValues: true,
  parameter: true,
  tensor: true,
  integers: true,
  cotangent: true,
} as const satisfies Record<TensorRole, true>;

type Statement = (head: Head) => Node;

/** What stands in front of every node: its name, domain and label. */
interface Head {
  readonly name: string;
  readonly domain: Domain;
  readonly label?: string;
}

class GraphParser {
  private readonly reader: TokenReader;
  private readonly nodes = new Map<string, Node>();
  private readonly inputs: TensorNode[] = [];
  private readonly outputs: GraphOutput[] = [];
  private readonly settings: [string, SettingValue][] = [];
  private formula: string | undefined;
  private paper: string | undefined;
  private history: number | undefined;

  constructor(text: string) {
    this.reader = new TokenReader(text);
  }

  graph(): Graph {
    this.reader.expect('graph');
    const name = this.name('the name of the graph');
    while (this.reader.peek().kind !== 'end') this.statement();
    return {
      name,
      settings: Object.fromEntries(this.settings),
      ...(this.formula === undefined ? {} : { formula: this.formula }),
      ...(this.paper === undefined ? {} : { paper: this.paper }),
      ...(this.history === undefined ? {} : { history: this.history }),
      inputs: this.inputs,
      outputs: this.outputs,
    };
  }

  private statement(): void {
    const token = this.reader.expectKind('name', 'a statement');
    const word = token.text;
    if (word === 'setting') {
      const name = this.name('the name of a setting');
      this.reader.expect('=');
      this.settings.push([name, this.setting()]);
    } else if (word === 'formula') this.formula = this.reader.expectKind('string', 'the formula in quotes').text;
    else if (word === 'paper') this.paper = this.reader.expectKind('string', 'the paper in quotes').text;
    else if (word === 'history') this.history = this.number();
    else if (word === 'output') this.output();
    else if (Object.hasOwn(this.statements, word)) this.node(token, this.statements[word as Node['op']]);
    else this.reader.unknown('statement', word, token);
  }

  /** What may name a graph, a setting, a tensor or an output. */
  private name(expected: string): string {
    const token = this.reader.peek();
    const name = this.reader.expectName(expected);
    return isName(name) ? name : this.reader.wrong(`${expected} must be ${NAME_RULE}`, token);
  }

  private setting(): SettingValue {
    const { kind, text } = this.reader.peek();
    if (kind === 'string') return this.reader.take().text;
    if (kind === 'name' && (text === 'true' || text === 'false')) return this.reader.take().text === 'true';
    if (this.reader.isNext('[')) return this.reader.list('[', ']', () => this.number());
    return this.number();
  }

  private number(): number {
    const sign = this.reader.accept('-') ? -1 : 1;
    const { kind, text } = this.reader.peek();
    const isNumber = kind === 'number' || (kind === 'name' && (text === 'Infinity' || text === 'NaN'));
    return isNumber ? sign * Number(this.reader.take().text) : this.reader.unexpected('a number');
  }

  private output(): void {
    const name = this.name('the name of an output');
    this.reader.expect('=');
    this.outputs.push({ name, node: this.nodeReference() });
  }

  private nodeReference(): Node {
    const token = this.reader.peek();
    if (token.kind !== 'node' && token.kind !== 'name' && token.kind !== 'string') this.reader.unexpected('a node');
    this.reader.take();
    return this.nodes.get(nameOf(token)) ?? this.reader.unknown('node', token.text, token);
  }

  private node(token: Token, statement: Statement): void {
    const nameToken = this.reader.peek();
    const isTensor = token.text === 'tensor';
    if (!isTensor) this.reader.expectKind('node', 'the name of a node, as %1');
    else this.name('the name of a tensor');
    const name = nameOf(nameToken);
    if (this.nodes.has(name)) this.reader.wrong(`there are two nodes ${name}`, nameToken);
    if (this.nodes.size >= MOST_NODES) this.reader.wrong(`a graph has at most ${MOST_NODES} nodes`, nameToken);
    const domain = this.domain();
    const label = this.reader.peek().kind === 'string' ? { label: this.reader.take().text } : {};
    const made = statement({ name: nameToken.text, domain, ...label });
    this.nodes.set(name, made);
    if (made.op === 'tensor') this.inputs.push(made);
  }

  private domain(): Domain {
    const axes: Axis[] = [];
    const tokens: Token[] = [];
    this.reader.list('[', ']', () => {
      tokens.push(this.reader.peek());
      axes.push(this.axis());
    });
    for (const [n, name] of domainVariables(axes).entries()) {
      if (tokens[n]!.text !== name) this.reader.wrong(`this axis has the variable ${name}`, tokens[n]!);
    }
    return axes;
  }

  private axis(): Axis {
    const token = this.reader.expectKind('name', 'an axis: b, h, i, j, p, d or x');
    const kind = axisKinds[token.text.replace(/\d+$/, '')];
    if (!kind) return this.reader.unknown('axis', token.text, token);
    const size = this.reader.accept(':') ? this.size() : undefined;
    if (kind === 'head' || kind === 'feature' || kind === 'extent') {
      return size === undefined ? this.reader.unexpected('`:` and the size of the axis') : { kind, size };
    }
    return size === undefined
      ? { kind }
      : this.reader.wrong(`the size of a ${kind} axis is known only in a call`, token);
  }

  private size(): number {
    const token = this.reader.expectKind('number', 'a size');
    return /^\d+$/.test(token.text) ? Number(token.text) : this.reader.wrong('a size is a whole number', token);
  }

  /** `(b, n in h:4, i)`: axes with their usual variables, or with others. */
  private iteration(): readonly IterationAxis[] {
    return this.reader.list('(', ')', () => {
      const named = this.reader.isNext('in', 1) ? this.reader.expectKind('name', 'a variable').text : undefined;
      if (named !== undefined) this.reader.expect('in');
      const axis = this.axis();
      return { variable: named ?? domainVariables([axis])[0]!, axis };
    });
  }

  private expression(variables: readonly string[], loosest: Binding = binding.conditional): Expression {
    const names = { node: (name: string) => this.nodes.get(name), variables: new Set(variables) };
    return canonicalCounters(parseExpression(this.reader, names, loosest));
  }

  // ── One rule for each kind of node, by its first word ─────────────────────────────────────────────

  private readonly statements: Readonly<Record<Node['op'], Statement>> = {
    tensor: (head) => this.tensor(head),
    dot: ({ domain, label }) => {
      this.reader.expect('=');
      const x = this.nodeReference();
      this.reader.expect('·');
      return { op: 'dot', x, y: this.nodeReference(), domain, ...labelled(label) };
    },
    contract: ({ domain, label }) => {
      this.reader.expect('=');
      const weights = this.nodeReference();
      this.reader.expect('·');
      const operand = this.nodeReference();
      this.reader.expect('over');
      const over = this.reader.isNext('i') || this.reader.isNext('j') ? this.reader.take().text : undefined;
      if (over === undefined) return this.reader.unexpected('`i` or `j`');
      return { op: 'contract', over: over === 'j' ? 'key' : 'query', weights, operand, domain, ...labelled(label) };
    },
    map: (head) => this.map('map', head),
    rowmap: (head) => this.map('rowmap', head),
    fill: ({ domain, label }) => {
      this.reader.expect('=');
      const value = this.nodeReference();
      this.reader.expect('where');
      const mask = this.expression(domainVariables(domain));
      this.reader.expect('else');
      return { op: 'fill', value, mask, otherwise: this.number(), domain, ...labelled(label) };
    },
    reduce: ({ domain, label }) => {
      this.reader.expect('=');
      const token = this.reader.expectKind('name', 'sum, max or logSumExp');
      if (!Object.hasOwn(monoids, token.text)) this.reader.unknown('reduction', token.text, token);
      const over = this.iteration();
      const variables = [...domainVariables(domain), ...over.map(({ variable }) => variable)];
      const value = this.expression(variables, binding.accumulation);
      return { op: 'reduce', monoid: token.text as Monoid, over, value, domain, ...labelled(label) };
    },
    bin: ({ domain, label }) => {
      this.reader.expect('=');
      this.reader.expect('sum');
      const iterate = this.iteration();
      const variables = iterate.map(({ variable }) => variable);
      const value = this.expression(variables, binding.accumulation);
      this.reader.expect('at');
      const index = this.reader.list('[', ']', () => this.expression(variables));
      return { op: 'bin', iterate, index, value, domain, ...labelled(label) };
    },
  };

  private map<Op extends 'map' | 'rowmap'>(op: Op, { domain, label }: Head): NodeOf<'map'> | NodeOf<'rowmap'> {
    this.reader.expect('=');
    return { op, value: this.expression(domainVariables(domain)), domain, ...labelled(label) };
  }

  private tensor({ name, domain, label }: Head): TensorNode {
    this.reader.expect(':');
    const token = this.reader.expectKind('name', 'the role of the tensor');
    if (!Object.hasOwn(roles, token.text)) this.reader.unknown('role', token.text, token);
    const role = token.text as TensorRole;
    const initial = this.initial(domain);
    const dtype = role === 'integers' ? 'int' : 'float';
    const contents = this.contents();
    const held = Object.keys(contents).length > 0 ? { contents } : {};
    return { op: 'tensor', name, role, dtype, domain, ...(initial ? { initial } : {}), ...held, ...labelled(label) };
  }

  private contents(): Contents {
    return {
      ...(this.reader.accept('from') ? { from: this.number() } : {}),
      ...(this.reader.accept('to') ? { to: this.contentsEnd() } : {}),
      ...(this.reader.accept('increasing') ? { increasing: true } : {}),
    };
  }

  private contentsEnd(): number | LengthBound {
    const isBatch = this.reader.accept(lengthNames.batch);
    if (!isBatch && !this.reader.accept(lengthNames.key)) return this.number();
    const length = isBatch ? 'batch' : 'key';
    if (!this.reader.accept('-')) return { length, less: 0 };
    if (this.number() !== 1) return this.reader.unexpected('`1`');
    return { length, less: 1 };
  }

  private initial(domain: Domain): Initial | undefined {
    if (this.reader.accept('=')) return { law: 'expression', value: this.expression(domainVariables(domain)) };
    if (!this.reader.accept('~')) return undefined;
    const law = this.reader.isNext('normal') ? 'normal' : this.reader.isNext('uniform') ? 'uniform' : undefined;
    if (!law) return this.reader.unexpected('`normal` or `uniform`');
    this.reader.take();
    this.reader.expect('(');
    const size = this.number();
    this.reader.expect(')');
    return { law, size };
  }
}

const monoids = { sum: true, max: true, logSumExp: true } as const satisfies Record<Monoid, true>;

const labelled = (label: string | undefined) => (label === undefined ? {} : { label });

/** The key of a node: names and strings by what they spell, so that a quoted name is the same as a plain one. */
const nameOf = ({ kind, text }: Token): string => (kind === 'node' ? text : spellName(text));
