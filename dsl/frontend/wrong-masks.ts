// Masks of the wrong number of parameters, as TypeScript finds them: an arrow of FlexAttention's (b, h, q_idx, kv_idx), which
// gives an error for the call and one for each parameter, is one mistake with one remedy.
import type { ts } from 'ts-morph';
import { typescript } from './typescript.js';

export interface WrongMask {
  /** The mask, where it is written or handed over. */
  readonly node: ts.Node;
  /** Its parameters. */
  readonly taken: string;
  /** Whether it is a mask by head that was annotated as one of positions. */
  readonly isOfHeads: boolean;
}

/** The functions of the language and its library that take masks, with the first argument that is one. */
const takers: ReadonlyMap<string, number> = new Map([
  ['fill', 1],
  ['both', 0],
  ['either', 0],
]);
const MOST_PARAMETERS: ReadonlyMap<string, number> = new Map([
  ['Mask', 2],
  ['HeadMask', 3],
]);

/** The mask that a type error is about, where it takes more than masks do. */
export function wrongMaskAt({ file, start }: ts.Diagnostic, checker: ts.TypeChecker): WrongMask | undefined {
  if (file === undefined || start === undefined) return undefined;
  for (let node: ts.Node | undefined = innermost(file, start); node; node = node.parent) {
    const found = typescript.isVariableDeclaration(node) ? annotated(node) : handedOver(node, checker);
    if (found) return found;
  }
  return undefined;
}

/** The smallest node that holds a place of its file. */
export function innermost(file: ts.SourceFile, place: number): ts.Node {
  let node: ts.Node = file;
  for (;;) {
    const inner: ts.Node | undefined = typescript.forEachChild(node, (child) =>
      child.getStart(file) <= place && place < child.end ? child : undefined,
    );
    if (inner === undefined) return node;
    node = inner;
  }
}

/** const m: Mask = (b, h, i, j) => … */
function annotated({ type, initializer }: ts.VariableDeclaration): WrongMask | undefined {
  const most = type && MOST_PARAMETERS.get(type.getText());
  if (most === undefined || !initializer || !typescript.isArrowFunction(initializer)) return undefined;
  const { parameters } = initializer;
  return parameters.length > most ? wrongMask(initializer, parameters, parameters.length === 3) : undefined;
}

/** fill(s, (b, h, i, j) => …, −∞), or a function that is declared elsewhere. */
function handedOver(node: ts.Node, checker: ts.TypeChecker): WrongMask | undefined {
  if (!typescript.isCallExpression(node) || !typescript.isIdentifier(node.expression)) return undefined;
  const first = takers.get(node.expression.text);
  if (first === undefined) return undefined;
  for (const mask of node.arguments.slice(first)) {
    const [signature] = checker.getTypeAtLocation(mask).getCallSignatures();
    const parameters = signature?.declaration?.parameters.filter(typescript.isParameter) ?? [];
    if (parameters.length > 3) return wrongMask(mask, parameters, false);
  }
  return undefined;
}

const wrongMask = (node: ts.Node, parameters: readonly ts.ParameterDeclaration[], isOfHeads: boolean): WrongMask => ({
  node,
  taken: parameters.map(({ name }) => name.getText()).join(', '),
  isOfHeads,
});
