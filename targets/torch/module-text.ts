// The emitted Python module: its header, the function, the torch.nn.Module with the parameters and their start values,
// and the helpers and checks that both stand on.
import { boundAxes, type TensorNode } from '../../src/ir/index.js';
import { contentHash } from '../shared/content-hash.js';
import { Names } from '../shared/text/names.js';
import { insideDocumentation, settingsText } from '../shared/text/source.js';
import { ExpressionWriter } from './expressions.js';
import { functionText, indented, parametersText, resultType, wrapped } from './function-text.js';
import { FunctionWriter, sizeText } from './function-writer.js';
import { helperTexts } from './helpers.js';
import { floatLiteral, pythonNames, quoted, tuple } from './python.js';
import { type Argument, type Signature, shapeText } from './signature.js';

export function moduleText(signature: Signature): string {
  const helpers = new Set<string>();
  const main = functionText(signature, helpers);
  const module = signature.module === undefined ? [] : classText(signature, signature.module, helpers);
  const parts = [
    ...(signature.outputs === undefined ? [] : [outputsText(signature, signature.outputs)]),
    main,
    ...(module.length === 0 ? [] : [module]),
    ...helperTexts(helpers).map((text) => text.split('\n')),
    ...(signature.arguments.length === 0 ? [] : [checksText(signature)]),
    ...(signature.hasRows ? [rowsText(signature)] : []),
  ].map((lines) => lines.join('\n'));
  const body = `${[importsText(parts.join('\n')), ...parts].join('\n\n\n')}\n`;
  return `${headerText(signature, body)}\n${body}`;
}

function headerText({ graph, origin }: Signature, body: string): string {
  const settings = settingsText(graph.settings);
  return [
    `"""${insideDocumentation(origin.name)}, compiled by heddle ${origin.version} for PyTorch. Generated: edit the spec, not this file.`,
    '',
    ...(settings === '' ? [] : [`settings: ${insideDocumentation(settings)}`]),
    ...(graph.formula === undefined ? [] : [`formula: ${insideDocumentation(graph.formula)}`]),
    ...(graph.paper === undefined ? [] : [`paper: ${insideDocumentation(graph.paper)}`]),
    `content: ${contentHash(body)}`,
    '"""',
  ].join('\n');
}

function importsText(body: string): string {
  const uses = (name: string): boolean => new RegExp(`(?<![\\w.'])${name}\\b`).test(body);
  const fromMath = ['inf', 'nan'].filter(uses);
  const fromTyping = ['NamedTuple', 'Optional'].filter(uses);
  const standard = [
    ...(uses('math\\.') ? ['import math'] : []),
    ...(fromMath.length > 0 ? [`from math import ${fromMath.join(', ')}`] : []),
    ...(fromTyping.length > 0 ? [`from typing import ${fromTyping.join(', ')}`] : []),
  ];
  return [
    ...standard,
    ...(standard.length > 0 ? [''] : []),
    'import torch',
    ...(uses('F\\.') ? ['import torch.nn.functional as F'] : []),
    'from torch import Tensor',
  ].join('\n');
}

function outputsText({ results }: Signature, name: string): readonly string[] {
  const fields = results.map(
    ({ name: field, node, rowAxis }) =>
      `${field}: Tensor  # ${shapeText(node.domain, rowAxis === undefined ? 'Tq' : 'R')}`,
  );
  return [`class ${name}(NamedTuple):`, ...indented(fields)];
}

// ── The module ──────────────────────────────────────────────────────────────────────────────────────

const isParameter = ({ node }: Argument): boolean => node.role === 'parameter';

function classText(signature: Signature, name: string, helpers: Set<string>): readonly string[] {
  const { arguments: given, hasRows } = signature;
  const parameters = given.filter(isParameter);
  const others = given.filter((argument) => !isParameter(argument));
  const sizes = ({ domain }: TensorNode): string => (domain.length === 0 ? '()' : domain.map(sizeText).join(', '));
  const made = parameters.map(
    ({ name: each, node }) =>
      `self.${each} = torch.nn.Parameter(torch.empty(${sizes(node)}, dtype=dtype, device=device))`,
  );
  const passed = given.map((argument) => {
    const value = isParameter(argument) ? `self.${argument.name}` : argument.name;
    return argument.isPositional ? value : `${argument.name}=${value}`;
  });
  return [
    `class ${name}(torch.nn.Module):`,
    ...indented([
      `"""${signature.function} with its parameters:`,
      '',
      ...parameters.map(({ name: each, node }) => `    ${each} ${shapeText(node.domain)}`),
      '"""',
      '',
      'def __init__(self, *, dtype=None, device=None):',
      ...indented(['super().__init__()', ...made, 'self.reset_parameters()']),
      '',
      '@torch.no_grad()',
      'def reset_parameters(self) -> None:',
      ...indented(['"""Gives every parameter its start value."""', ...startLines(parameters, helpers)]),
      '',
      ...wrapped('def forward(', ['self', ...parametersText(others, hasRows)], `) -> ${resultType(signature)}:`),
      ...indented(wrapped(`return ${signature.function}(`, [...passed, ...(hasRows ? ['rows=rows'] : [])], ')')),
    ]),
  ];
}

function startLines(parameters: readonly Argument[], helpers: Set<string>): readonly string[] {
  const names = new Names(
    pythonNames,
    parameters.map(({ name }) => name),
  );
  const writer = new FunctionWriter(names, helpers, false);
  for (const { name, node } of parameters) writer.lines.push(...startOf(writer, `self.${name}`, node));
  const text = [...writer.indices, ...writer.lines].join('\n');
  const first = `self.${parameters[0]!.name}`;
  return [
    ...(/\bdtype\b/.test(text) ? [`dtype = ${first}.dtype`] : []),
    ...(/\bdevice\b/.test(text) ? [`device = ${first}.device`] : []),
    ...writer.indices,
    ...writer.lines,
  ];
}

/** A parameter without a start value in the spec starts at 0. */
function startOf(writer: FunctionWriter, name: string, node: TensorNode): readonly string[] {
  const { initial } = node;
  if (initial === undefined) return [`torch.nn.init.zeros_(${name})`];
  switch (initial.law) {
    case 'normal':
      return [`torch.nn.init.normal_(${name}, std=${floatLiteral(initial.size).text})`];
    case 'uniform': {
      const size = floatLiteral(initial.size).text;
      return [`torch.nn.init.uniform_(${name}, -${size}, ${size})`];
    }
    case 'expression': {
      const { value } = initial;
      if (value.kind === 'constant') return [`torch.nn.init.constant_(${name}, ${floatLiteral(value.value).text})`];
      const axes = boundAxes(node);
      const expressions = new ExpressionWriter(writer, axes, [value]);
      const code = expressions.dense(
        expressions.evaluate(value),
        axes.map(([axis]) => axis),
      );
      return [`${name}.copy_(${code.text})`];
    }
  }
}

// ── Checks ──────────────────────────────────────────────────────────────────────────────────────────

function checksText({ arguments: given, graph }: Signature): readonly string[] {
  const entries = given.map(({ name, node }) => {
    const shape = node.domain.map((axis) => ('size' in axis ? String(axis.size) : quoted(sizeText(axis))));
    return `${quoted(name)}: ${tuple(shape)},`;
  });
  const setOf = (names: readonly string[]): string =>
    names.length === 0 ? 'frozenset()' : `frozenset([${names.map(quoted).join(', ')}])`;
  const integers = given.filter(({ node }) => node.dtype === 'int').map(({ name }) => name);
  const parameters = given.filter(isParameter).map(({ name }) => name);
  const kinds = new Set(graph.inputs.flatMap(({ domain }) => domain.map(({ kind }) => kind)));
  return [
    '_SHAPES = {',
    ...indented(entries),
    '}',
    `_INTEGERS = ${setOf(integers)}`,
    ...(parameters.length === 0 ? [] : [`_PARAMETERS = ${setOf(parameters)}`]),
    '',
    '',
    'def _sizes(**tensors):',
    ...indented([
      '"""B, Tq and Tk of a call. Raises TypeError and ValueError where a tensor does not fit."""',
      'sizes, floats, first = {}, None, None',
      'for name, tensor in tensors.items():',
      ...indented([
        'shape = _SHAPES[name]',
        'if not isinstance(tensor, Tensor):',
        "    raise TypeError(f'{name} must be a tensor, not {type(tensor).__name__}')",
        'if tensor.is_complex() or tensor.is_floating_point() == (name in _INTEGERS):',
        '    raise TypeError(f\'{name} must hold {"integers" if name in _INTEGERS else "floats"}, not {tensor.dtype}\')',
        'first = first or name',
        'if tensor.device != tensors[first].device:',
        "    raise ValueError(f'{name} is on {tensor.device}, but {first} is on {tensors[first].device}')",
        `if name not in _INTEGERS${parameters.length === 0 ? '' : ' and name not in _PARAMETERS'}:`,
        '    floats = floats or name',
        '    if tensor.dtype != tensors[floats].dtype:',
        "        raise TypeError(f'{name} is of {tensor.dtype}, but {floats} is of {tensors[floats].dtype}')",
        "wanted = ', '.join(str(size) for size in shape)",
        'if tensor.dim() != len(shape):',
        "    raise ValueError(f'{name} must have the shape [{wanted}], not {list(tensor.shape)}')",
        'for letter, size in zip(shape, tensor.shape):',
        '    known = sizes.setdefault(letter, size) if isinstance(letter, str) else letter',
        '    if size != known or size == 0:',
        "        said = f', where {letter} is {known}' if isinstance(letter, str) and size > 0 else ''",
        "        raise ValueError(f'{name} must have the shape [{wanted}]{said}, not {list(tensor.shape)}')",
      ]),
      ...lengthLines(kinds),
      "return sizes.get('B', 1), Tq, Tk",
    ]),
  ];
}

/** Where only one of the two lengths shows in the inputs, the other is the same. */
function lengthLines(kinds: ReadonlySet<string>): readonly string[] {
  const hasKeys = kinds.has('key') || kinds.has('position');
  const hasQueries = kinds.has('query');
  if (hasKeys && hasQueries) return ["Tq, Tk = sizes['Tq'], sizes['Tk']"];
  if (hasKeys) return ["Tq = Tk = sizes['Tk']"];
  return [hasQueries ? "Tq = Tk = sizes['Tq']" : 'Tq = Tk = 1'];
}

function rowsText({ history }: Signature): readonly string[] {
  return [
    'def _rows(rows, Tq, Tk):',
    ...indented([
      '"""R, the number of last rows to give. Raises ValueError where q lacks rows that they depend on."""',
      'if rows is not None and not 1 <= rows <= Tq:',
      "    raise ValueError(f'rows is {rows}, but must be from 1 to the {Tq} rows of queries')",
      'if rows is None:',
      `    rows = Tq if Tq >= Tk else ${history === 0 ? 'Tq' : `Tq - ${history}`}`,
      ...(history === 0
        ? []
        : [
            `first = max(0, Tk - max(rows, 1) - ${history})`,
            'if Tq < Tk - first:',
            '    raise ValueError(',
            `        f'for {max(rows, 1)} rows of output, rows {first} ... {Tk - 1} of q must be given, {Tk - first} rows: a row depends '`,
            `        f'on the ${history} above it; but q has {Tq}'`,
            '    )',
          ]),
      'return rows',
    ]),
  ];
}
