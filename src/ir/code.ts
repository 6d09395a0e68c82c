// The code of an expression in some language: shared parts are written where their scope opens and have a name from there on, sums and
// maxima are what the language makes of them, and everything else is spelled.
import type { Accumulate, Apply, Constant, Expression, Length, Read, Variable } from './expression.js';
import { planScopes, type Scope } from './scopes.js';

/** The code of a part, written here if it has not been yet. */
export type Write<Code> = (part: Expression) => Code;

/** A language as expressions need it. It writes the parts of what it is given in its own order, and those alone that it needs. */
export interface Language<Code> {
  readonly constant: (whole: Constant) => Code;
  readonly variable: (whole: Variable) => Code;
  readonly length: (whole: Length) => Code;
  readonly read: (whole: Read, write: Write<Code>) => Code;
  readonly apply: (whole: Apply, write: Write<Code>) => Code;
  /** `body` writes the body, and what is shared in it, each time that it is called: inside of a loop, or once for each term. */
  readonly accumulate: (whole: Accumulate, body: () => Code) => Code;
  /** What a shared part is called from here on; the code itself where it needs no name. */
  readonly share: (code: Code, whole: Expression) => Code;
  /** Whether every part has a name, so that it is written once wherever its scope is open. */
  readonly namesAll?: boolean;
}

/** Writes an expression in a language. */
export const code = <Code>(root: Expression, language: Language<Code>): Code =>
  inScope(planScopes(root), new Map(), language);

function inScope<Code>(scope: Scope, outer: ReadonlyMap<Expression, Code>, language: Language<Code>): Code {
  const named = new Map(outer);
  const write = (part: Expression): Code => {
    const known = named.get(part);
    if (known !== undefined) return known;
    const written = writtenPart(part);
    if (language.namesAll) named.set(part, written);
    return written;
  };
  const writtenPart = (part: Expression): Code => {
    switch (part.kind) {
      case 'constant':
        return language.constant(part);
      case 'variable':
        return language.variable(part);
      case 'length':
        return language.length(part);
      case 'read':
        return language.read(part, write);
      case 'apply':
        return language.apply(part, write);
      case 'accumulate':
        return language.accumulate(part, () => inScope(scope.inner.get(part)!, named, language));
    }
  };
  for (const part of scope.bindings) named.set(part, language.share(write(part), part));
  return write(scope.root);
}
