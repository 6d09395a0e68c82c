// The face of the score graph: axes, expressions, nodes, graphs and their construction.
export * from './affine.js';
export { type Algebra, fold, ofPart } from './algebra.js';
export * from './axis.js';
export * from './build.js';
export { canonicalCounters, freshlyNamed } from './canonical.js';
export { code, type Language, type Write } from './code.js';
export {
  type Contents,
  contentsFault,
  contentsRange,
  describeContents,
  type LengthBound,
  sameContents,
} from './contents.js';
export {
  type CostOptions,
  costOfGraph,
  type GraphCost,
  type NodeCost,
  type ParameterCost,
  plainAttention,
  type RelativeCost,
  relativeCost,
} from './cost.js';
export { evaluate, type Known, operationValue, variablesIn } from './evaluate.js';
export * from './expression.js';
export {
  anyFloat,
  excludesZero,
  type FloatRange,
  floatRangeOf,
  holdsConstant,
  isFiniteRange,
  LARGEST_FLOAT,
  LEAST_NORMAL,
} from './float-ranges.js';
export * from './footprint/index.js';
export * from './graph.js';
export * from './json/index.js';
export {
  heightOf,
  LARGEST_EXTENT,
  MOST_FEATURES,
  MOST_FUSED_HEIGHT,
  MOST_HEADS,
  MOST_HEIGHT,
  MOST_NODES,
  MOST_TERMS,
  termsOf,
} from './limits.js';
export * from './node.js';
export { anyPart, costOf, isExpensive, isTrivial, type OperationCost, operationCost } from './operation-cost.js';
export * from './operations.js';
export { areVariables, isOwnRead, isReadHere } from './own-reads.js';
export {
  everything,
  integerOverflow,
  integerRangeOf,
  isBounded,
  isIntegerSum,
  leavesIntegers,
  MOST_POSITIONS,
  type Range,
  rangeOf,
} from './ranges.js';
export { constantValue } from './recognise/constant-value.js';
export { laterDependence } from './recognise/later-positions.js';
export { isPositionDependent, type LinearForm, linearForm } from './recognise/linear.js';
export { type Linearity, linearityIn } from './recognise/linearity.js';
export {
  logSumExpOf,
  type Normaliser,
  normaliserOf,
  normaliserParts,
  operandsIf,
  type Reference,
  type RowStatistics,
  referenceOf,
  rowStatisticsOf,
  type SoftmaxPart,
  softmaxPart,
} from './recognise/normaliser.js';
export {
  type AffinePredicate,
  classifyPredicate,
  conjunctsOf,
  disjunctsOf,
  isPositional,
  type PredicateClass,
} from './recognise/predicates.js';
export { type ChangePart, rewriteExpressions, rewriteParts } from './rewrite-parts.js';
export { boundAxes, type Root, rootsOf, type Surroundings, visitParts } from './roots.js';
export { sameExpression } from './same-expression.js';
export { planScopes, type Scope } from './scopes.js';
export * from './text/index.js';
export { verify, verifyConstants, violations } from './verify.js';
