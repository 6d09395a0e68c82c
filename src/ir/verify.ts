// The verifier: what the types of the score graph cannot say, checked after every pass and on every graph that comes from
// outside. One rule a file in verify/; the list below reads as the contract that passes and schedules may rely on.
import { type Diagnostic, HeddleError } from '../diagnostics/index.js';
import { type Graph, topological } from './graph.js';
import type { Node } from './node.js';
import { nameNodes } from './text/names.js';
import { constantsAreValues, countersAreCanonical } from './verify/constants.js';
import { domainsAreWellFormed } from './verify/domains.js';
import { integersStayWithin } from './verify/integers.js';
import { masksArePredicates } from './verify/masks.js';
import { operandsFit } from './verify/operands.js';
import { readsAreStructured } from './verify/reads.js';
import { NodeReport, type NodeRule } from './verify/rule.js';
import { signatureFaults } from './verify/signature.js';
import { tensorsFitTheirRoles } from './verify/tensors.js';
import { typesAgree } from './verify/types.js';
import { variablesAreBound } from './verify/variables.js';

/** What holds at every node of a graph. */
export const nodeRules: readonly NodeRule[] = [
  domainsAreWellFormed,
  tensorsFitTheirRoles,
  variablesAreBound,
  typesAgree,
  constantsAreValues,
  countersAreCanonical,
  integersStayWithin,
  readsAreStructured,
  masksArePredicates,
  operandsFit,
];

/** Everything that is wrong with `graph`: its signature first, then node by node, each rule in turn. */
export function violations(graph: Graph): readonly Diagnostic[] {
  const names = nameNodes(graph);
  return [...signatureFaults(graph, names), ...faultsOf(graph, nodeRules, names)];
}

function faultsOf(
  graph: Graph,
  rules: readonly NodeRule[],
  names: ReadonlyMap<Node, string> = nameNodes(graph),
): readonly Diagnostic[] {
  return topological(graph).flatMap((node) => {
    const report = new NodeReport(node, names);
    for (const rule of rules) rule(node, report);
    return report.found;
  });
}

/**
 * Refuses what passes may make of constants that were sound: one that no kernel holds.
 *
 * @throws HeddleError HD5014.
 */
export function verifyConstants(graph: Graph): void {
  const found = faultsOf(graph, [constantsAreValues]);
  if (found.length > 0) throw new HeddleError(found);
}

/** @throws HeddleError HD50xx with every violation, if there is one. */
export function verify(graph: Graph): void {
  const found = violations(graph);
  if (found.length > 0) throw new HeddleError(found);
}
