// The graph of one configuration while its spec is evaluated: declared tensors, values of the graph, their names.
// Nodes get their labels here, after they are made: a name is known only once a value is bound to it.
import type { ts } from 'ts-morph';
import {
  type Domain,
  dependencies,
  describeContents,
  domainVariables,
  type Expression,
  type Initial,
  type Node,
  type SettingValue,
  type StatisticsNodes,
  sameContents,
  sameDomain,
  sameExpression,
  type TensorNode,
  type TensorRole,
  tensorNode,
} from '../../src/ir/index.js';
import { isName } from '../../src/names.js';
import type { Evaluation } from './evaluation.js';
import { type HandleRole, type HandleValue, isKind, type Value } from './values.js';

interface Declaration {
  readonly node: TensorNode;
  readonly site: ts.Node;
}

/** A normaliser's statistics, shared by every softmax and log-sum-exp of the same scores with the same sink. */
interface Normaliser {
  readonly scores: Node;
  readonly sink: Expression | undefined;
  readonly statistics: StatisticsNodes;
  readonly logSumExp: Node;
}

/** An input as a spec declares it. */
type Declared = Pick<TensorNode, 'name' | 'role' | 'domain' | 'initial' | 'contents'>;

export class GraphConstruction {
  readonly settings: ReadonlyMap<string, SettingValue>;
  readonly normalisers: Normaliser[] = [];
  private readonly declarations = new Map<string, Declaration>();
  private readonly afterWeights = new Set<Node>();
  /** How far out the name of each labelled node was given. */
  private readonly labelDepths = new Map<Node, number>();
  private assumedOneHead: ts.Node | undefined;

  constructor(settings: ReadonlyMap<string, SettingValue>) {
    this.settings = settings;
  }

  /** The inputs that were declared: q, k and v, then the others in the order of their declarations. */
  get inputs(): readonly TensorNode[] {
    const standard = ['q', 'k', 'v'];
    const rank = ({ name }: TensorNode) => {
      const place = standard.indexOf(name);
      return place < 0 ? standard.length : place;
    };
    return [...this.declarations.values()].map(({ node }) => node).sort((x, y) => rank(x) - rank(y));
  }

  /** Where the tensor `name` was declared. */
  siteOf(name: string): ts.Node | undefined {
    return this.declarations.get(name)?.site;
  }

  /** A setting that shapes inputs, undefined where the spec has none of that name. */
  size(name: 'heads' | 'kvHeads' | 'headDim' | 'valueDim'): number | undefined {
    const value = this.settings.get(name);
    return typeof value === 'number' ? value : undefined;
  }

  /** The heads of the spec: its setting, or one. */
  heads(site: ts.Node): number {
    const heads = this.size('heads');
    if (heads === undefined) this.assumedOneHead ??= site;
    return heads ?? 1;
  }

  /** One head was assumed for want of a setting, yet an input has several: which of them was meant is unclear. */
  refuseAssumedHeads(evaluation: Evaluation): void {
    if (this.assumedOneHead === undefined) return;
    for (const { node, site } of this.declarations.values()) {
      const heads = node.role === 'queries' ? node.domain[1] : undefined;
      if (heads?.kind !== 'head' || heads.size === 1) continue;
      evaluation.fail(this.assumedOneHead, 'HD1029', { input: node.name, heads: heads.size }, [
        { message: 'its heads are given here', node: site },
      ]);
    }
  }

  /** Declares an input. The same declaration twice is one input; a different one under the same name is refused. */
  declare({ name, role, domain, initial, contents }: Declared, site: ts.Node, evaluation: Evaluation): TensorNode {
    if (!isName(name)) evaluation.fail(site, 'HD1040', { name });
    const known = this.declarations.get(name);
    if (known === undefined) {
      const node = tensorNode(name, role, domain, { initial, contents, origin: evaluation.originOf(site) });
      this.declarations.set(name, { node, site });
      return node;
    }
    const { node } = known;
    const same =
      node.role === role &&
      sameDomain(node.domain, domain) &&
      sameInitial(node.initial, initial) &&
      sameContents(node.contents, contents);
    if (same) return node;
    const notes = [{ message: 'declared first here', node: known.site }];
    return evaluation.fail(
      site,
      'HD1024',
      { name, first: signature(node), second: signature({ role, domain, ...(contents ? { contents } : {}) }) },
      notes,
    );
  }

  /** A value of the graph over `node`. */
  handle(role: HandleRole, node: Node): HandleValue {
    const afterWeights =
      role === 'weights' || role === 'output' || dependencies(node).some((each) => this.afterWeights.has(each));
    if (afterWeights) this.afterWeights.add(node);
    return { kind: 'handle', role, node, afterWeights };
  }

  /** Names the node that `value` stands for after the variable that holds it; names given further out win. */
  label(value: Value, name: string, depth: number): void {
    if (!isKind(value, 'handle')) return;
    if (depth >= (this.labelDepths.get(value.node) ?? Number.POSITIVE_INFINITY)) return;
    this.labelDepths.set(value.node, depth);
    // The graph is not published yet, so its nodes may still be completed.
    const unpublished: { label?: string } = value.node;
    unpublished.label = name;
  }
}

function sameInitial(one: Initial | undefined, other: Initial | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  if (one.law === 'expression') return other.law === 'expression' && sameExpression(one.value, other.value);
  return one.law === other.law && one.size === other.size;
}

/** A declaration in a few words: 'a parameter [head, 6, 11]'. */
function signature({ role, domain, contents }: Pick<TensorNode, 'role' | 'domain' | 'contents'>): string {
  const nouns: Partial<Record<TensorRole, string>> = { parameter: 'a parameter', tensor: 'a tensor' };
  const axes = domain.map((axis) => ('size' in axis && axis.kind !== 'head' ? axis.size : axisText(axis)));
  return [`${nouns[role] ?? role} [${axes.join(', ')}]`, describeContents(contents)].filter(Boolean).join(' ');
}

function axisText(axis: Domain[number]): string {
  return axis.kind === 'head' ? `${axis.size} heads` : axis.kind;
}

/** The variables of a domain by the kind of their axis, batch left out. */
export function elementVariables(domain: Domain): readonly string[] {
  return domainVariables(domain).filter((_, n) => domain[n]?.kind !== 'batch');
}
