// Rule: what a node takes whole is over the domain that its meaning asks for, and shared heads divide.
// Nothing is broadcast or transposed silently.
import type { AxisKind, Domain } from '../axis.js';
import { axisLetters, sameDomain, staticSize } from '../axis.js';
import type { Node, NodeOf } from '../node.js';
import { printDomain } from '../text/print.js';
import type { NodeReport, NodeRule } from './rule.js';

/** What one operand, or the node itself, must be over: kinds of axes, with a size where it must be a certain one. */
type Pattern = readonly (readonly [kind: AxisKind, size?: number | undefined])[];

const matches = (domain: Domain, pattern: Pattern): boolean =>
  domain.length === pattern.length &&
  domain.every((axis, n) => {
    const [kind, size] = pattern[n]!;
    return axis.kind === kind && (size === undefined || staticSize(axis) === size);
  });

const patternText = (pattern: Pattern): string =>
  `[${pattern.map(([kind, size]) => axisLetters[kind] + (size === undefined ? '' : `:${size}`)).join(', ')}]`;

const sizeOf = (domain: Domain, kind: AxisKind): number | undefined => {
  const axis = domain.find((each) => each.kind === kind);
  return axis && staticSize(axis);
};

export const operandsFit: NodeRule = (node, report) => {
  const expectDomain = (operand: string, domain: Domain, pattern: Pattern): void => {
    if (!matches(domain, pattern)) {
      report.violation('HD5008', { operand, expected: patternText(pattern), actual: printDomain(domain) });
    }
  };
  const check = operandChecks[node.op] as ((node: Node, expect: Expect, report: NodeReport) => void) | undefined;
  check?.(node, expectDomain, report);
};

type Expect = (operand: string, domain: Domain, pattern: Pattern) => void;

const operandChecks: { readonly [Op in Node['op']]?: (node: NodeOf<Op>, expect: Expect, report: NodeReport) => void } =
  {
    dot({ x, y, domain }, expect, report) {
      const features = sizeOf(x.domain, 'feature');
      const heads = sizeOf(x.domain, 'head');
      expect('the left side', x.domain, [['batch'], ['head'], ['query'], ['feature']]);
      expect('the right side', y.domain, [['batch'], ['head'], ['key'], ['feature', features]]);
      expect('the result', domain, [['batch'], ['head', heads], ['query'], ['key']]);
      checkSharing(sizeOf(y.domain, 'head'), heads, report);
    },
    contract({ over, weights, operand, domain }, expect, report) {
      const heads = sizeOf(weights.domain, 'head');
      const features = sizeOf(operand.domain, 'feature');
      expect('the weights', weights.domain, [['batch'], ['head'], ['query'], ['key']]);
      if (over === 'key') {
        expect('the operand', operand.domain, [['batch'], ['head'], ['key'], ['feature']]);
        expect('the result', domain, [['batch'], ['head', heads], ['query'], ['feature', features]]);
        checkSharing(sizeOf(operand.domain, 'head'), heads, report);
      } else {
        expect('the operand', operand.domain, [['batch'], ['head', heads], ['query'], ['feature']]);
        expect('the result', domain, [['batch'], ['head'], ['key'], ['feature', features]]);
        checkSharing(sizeOf(domain, 'head'), heads, report);
      }
    },
    fill({ value, domain }, _, report) {
      if (sameDomain(value.domain, domain)) return;
      const [expected, actual] = [printDomain(domain), printDomain(value.domain)];
      report.violation('HD5008', { operand: 'the value', expected, actual });
    },
  };

function checkSharing(fewer: number | undefined, heads: number | undefined, report: NodeReport): void {
  if (fewer !== undefined && heads !== undefined && heads % fewer !== 0) report.violation('HD5009', { fewer, heads });
}
