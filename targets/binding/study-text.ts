// The face of a study's Python package: a class of torch.nn.Module for each variant, by the name that the study gives it.
// Text of the study stands in strings and documentation alone.
import type { Graph, SettingValue } from '../../src/ir/index.js';
import { insideDocumentation, type Source } from '../shared/text/source.js';
import { indented, parametersText, wrapped } from '../torch/function-text.js';
import { sizeText } from '../torch/function-writer.js';
import { quoted, tuple } from '../torch/python.js';
import type { Signature } from '../torch/signature.js';

export interface PackagedVariant {
  readonly name: string;
  readonly graph: Graph;
  readonly signature: Signature;
  /** Its module inside of the package, and its class in the package. */
  readonly module: Source<'python'>;
  readonly class: Source<'python'>;
  /** The dtype that its kernels store; undefined where there are none, and `why` says why. */
  readonly storage: string | undefined;
  readonly why: string | undefined;
}

export interface PackagedStudy {
  readonly name: string;
  readonly summary?: string | undefined;
  readonly baseline: string;
  readonly folder: Source<'python'>;
  readonly version: string;
  readonly variants: readonly PackagedVariant[];
  readonly failures: readonly { readonly name: string; readonly why: string }[];
}

export function studyText(study: PackagedStudy): string {
  const { variants, failures } = study;
  const head = [
    ...documentation(study),
    'from typing import NamedTuple, Optional',
    '',
    'import torch',
    'from torch import Tensor',
    '',
    ...variants.map(({ module }) => `from . import ${module} as _${module}`),
    '',
    "__all__ = ['variants', 'baseline', 'failures']",
  ];
  const tables = [
    `baseline = ${quoted(study.baseline)}`,
    '# Variants that do not compile, and why.',
    ...table(
      'failures = {',
      failures.map(({ name, why }) => `${quoted(name)}: ${quoted(why)},`),
      '}',
    ),
    ...table(
      'variants = _Variants({',
      variants.map((each) => `${quoted(each.name)}: ${each.class},`),
      '})',
    ),
  ];
  const parts = [head, baseText.split('\n'), ...variants.map(variantText), tables];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n\n')}\n`;
}

const table = (before: string, entries: readonly string[], after: string): readonly string[] =>
  entries.length === 0 ? [`${before}${after}`] : [before, ...indented(entries), after];

function documentation({ name, summary, folder, version, variants, failures }: PackagedStudy): readonly string[] {
  const [first] = variants;
  const lines = variants.map((variant) => {
    const how = variant.storage === undefined ? 'eager PyTorch' : `kernels for ${variant.storage}, else eager PyTorch`;
    return `    ${insideDocumentation(quoted(variant.name))}  ${how}`;
  });
  return [
    `"""The variants of the study ${insideDocumentation(name)}, compiled by heddle ${version} for PyTorch. Generated: edit the study, not this package.`,
    '',
    ...(summary === undefined ? [] : [insideDocumentation(summary), '']),
    ...(first === undefined
      ? []
      : [
          `    from ${folder} import variants`,
          `    attention = variants[${insideDocumentation(quoted(first.name))}]()`,
          '',
          'Each is a class of torch.nn.Module that is called like the function of its spec. Parameters start as the spec says; state',
          'dictionaries are the same whether kernels run or eager PyTorch. Its repr holds all its settings.',
          '',
          ...lines,
        ]),
    ...failures.map((each) => `    ${insideDocumentation(quoted(each.name))}  does not compile`),
    '"""',
  ];
}

/** A value of a setting as Python has it. */
function settingLiteral(value: SettingValue): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'number') return `[${value.map(settingLiteral).join(', ')}]`;
  return Number.isFinite(value) ? String(value) : `float('${value}')`;
}

function variantText({ name, graph, signature, module, class: of, storage, why }: PackagedVariant): readonly string[] {
  const { arguments: given, hasRows } = signature;
  const settings = Object.entries(graph.settings).map(([key, value]) => `${quoted(key)}: ${settingLiteral(value)},`);
  const shapes = given.map(({ name: argument, node }) => {
    const shape = node.domain.map((axis) => ('size' in axis ? String(axis.size) : quoted(sizeText(axis))));
    return `${quoted(argument)}: ${tuple(shape)},`;
  });
  const others = given.filter(({ node }) => node.role !== 'parameter');
  const passed = others.map(({ name: argument, isPositional }) =>
    isPositional ? argument : `${argument}=${argument}`,
  );
  const ownForward = [
    'def __init__(self, *, dtype=None, device=None):',
    ...indented(['super().__init__()']),
    '',
    ...wrapped('def forward(', ['self', ...parametersText(others, hasRows)], '):'),
    ...indented(
      wrapped(`return _${module}.${signature.function}(`, [...passed, ...(hasRows ? ['rows=rows'] : [])], ')'),
    ),
  ];
  const parent = signature.module === undefined ? 'torch.nn.Module' : `_${module}.${signature.module}`;
  return [
    `class ${of}(_Variant, ${parent}):`,
    ...indented([
      `"""The variant ${insideDocumentation(quoted(name))} of the study, ${insideDocumentation(graph.name)} under the settings below.`,
      '"""',
      '',
      'variant = Variant(',
      ...indented([
        `name=${quoted(name)},`,
        `spec=${quoted(graph.name)},`,
        ...table('settings={', settings, '},'),
        ...table('inputs={', shapes, '},'),
        `history=${signature.history},`,
        `kernels=${storage === undefined ? 'None' : quoted(storage)},`,
      ]),
      ')',
      '',
      '@staticmethod',
      'def reason_for_eager(q: Tensor) -> Optional[str]:',
      ...indented([
        '"""Why a call with queries like q runs as eager PyTorch; None where kernels serve it."""',
        storage === undefined ? `return ${quoted(why ?? '')}` : `return _${module}.reason_for_eager(q)`,
      ]),
      '',
      '@staticmethod',
      'def reason_for_eager_gradients(q: Tensor) -> Optional[str]:',
      ...indented([
        '"""Why gradients of such a call are those of eager PyTorch; None where kernels compute them."""',
        storage === undefined ? `return ${quoted(why ?? '')}` : `return _${module}.reason_for_eager_gradients(q)`,
      ]),
      ...(signature.module === undefined ? ['', ...ownForward] : []),
    ]),
  ];
}

const baseText = `class Variant(NamedTuple):
    name: str
    spec: str
    settings: dict
    inputs: dict  # The shapes of what a call takes and of parameters; B, Tq and Tk are what the call has.
    history: int  # Rows of queries that a row depends on, above it.
    kernels: Optional[str]  # What they store; None where all is eager PyTorch.

    def __repr__(self):
        return ', '.join(f'{key}={value!r}' for key, value in {'name': self.name, 'spec': self.spec, **self.settings}.items())


class _Named(type):
    def __repr__(cls):
        return f'<{cls.__name__}({cls.variant})>' if hasattr(cls, 'variant') else super().__repr__()


class _Variant(metaclass=_Named):
    """What all variants have: their settings, and those in their repr."""

    def extra_repr(self):
        return repr(self.variant)


class _Variants(dict):
    def __missing__(self, name):
        why = f'does not compile: {failures[name]}' if name in failures else f'is none of {", ".join(map(repr, self))}'
        raise KeyError(f'the variant {name!r} {why}')`;
