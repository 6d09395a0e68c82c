// The operand types that tests try an operation with: all that it takes.
import { type OperationName, operations, type ScalarType } from '../../src/ir/index.js';

export function operandTypes(name: OperationName): readonly (readonly ScalarType[])[] {
  const { arity, typing } = operations[name];
  const all = (type: ScalarType) => Array.from({ length: arity }, () => type);
  switch (typing) {
    case 'numeric':
      return [all('float'), all('int')];
    case 'compare':
      return [all('float'), all('int'), all('bool')];
    case 'float':
    case 'toInteger':
      return [all('float')];
    case 'integer':
    case 'toFloat':
      return [all('int')];
    case 'logic':
      return [all('bool')];
    case 'select':
      return [
        ['bool', 'float', 'float'],
        ['bool', 'int', 'int'],
        ['bool', 'bool', 'bool'],
      ];
  }
}
