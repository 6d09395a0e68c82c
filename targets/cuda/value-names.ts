// What values of a tile program are called in the text of one kernel: as in the program's own text, where C++ lets them.
// The comments that say which statement the next lines are have the names of the program's text.
import { nameValues, printStatement, type ValueNames } from '../../codegen/tile/print.js';
import type { Kernel, Statement } from '../../codegen/tile/program.js';
import type { Value } from '../../codegen/tile/types.js';
import { Names } from '../shared/text/names.js';
import { lineComment, type Source } from '../shared/text/source.js';
import { cudaValueNames } from './text/names.js';

export class ValueTexts {
  private readonly programNames: ValueNames;
  private readonly names = new Names(cudaValueNames);
  private readonly given = new Map<Value, Source<'cuda'>>();

  constructor(kernel: Kernel) {
    this.programNames = nameValues(kernel);
  }

  nameOf(value: Value): Source<'cuda'> {
    const known = this.given.get(value);
    if (known !== undefined) return known;
    const name = this.names.take(this.programNames.get(value) ?? 'tile', { ending: '_tile' });
    this.given.set(value, name);
    return name;
  }

  /** A statement of the tile program as a comment. */
  comment(statement: Statement): Source<'cuda'> {
    const [first = ''] = printStatement(statement, this.programNames);
    return lineComment('cuda', first);
  }
}
