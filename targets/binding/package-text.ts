// The face of the Python package: the function and the torch.nn.Module of a spec, with the names and parameters that its module
// of eager PyTorch has, so that one takes the other's place.
import { insideDocumentation, settingsText } from '../shared/text/source.js';
import { functionDocumentation, indented, parametersText, resultType, wrapped } from '../torch/function-text.js';
import type { Binding } from './description-text.js';

export function packageText({ emitted, signature, dtype }: Binding): string {
  const { graph, origin, arguments: given, hasRows, module, outputs } = signature;
  const settings = settingsText(graph.settings);
  const passed = `(${given.map(({ name }) => name).join(', ')}${given.length === 1 ? ',' : ''})`;
  const called = `_call(${passed}, ${hasRows ? 'rows' : 'None'})`;
  const names = [
    signature.function,
    ...(module === undefined ? [] : [module]),
    ...(outputs === undefined ? [] : [outputs]),
  ];
  const tools = [
    'chosen_alternative',
    'reason_for_eager',
    'reason_for_eager_gradients',
    'use_alternative',
    'use_library',
  ];
  const exported = [...names, ...tools].map((name) => `'${name}'`);
  const parts = [
    [
      ...wrapped(`def ${signature.function}(`, parametersText(given, hasRows), `) -> ${resultType(signature)}:`),
      ...indented([
        ...functionDocumentation(signature, [
          `Kernels for CUDA take ${dtype}, and parameters in any float dtype; what they cannot take runs as eager PyTorch.`,
          'Raises TypeError and ValueError.',
        ]),
        outputs === undefined ? `return ${called}[0]` : `return ${outputs}(*${called})`,
      ]),
    ],
    ...(module === undefined ? [] : [moduleClass(signature, module)]),
  ].map((lines) => lines.join('\n'));
  const head = [
    `"""${insideDocumentation(origin.name)}, compiled by heddle ${origin.version} for CUDA and PyTorch. Generated: edit the spec, not this package.`,
    '',
    ...(settings === '' ? [] : [`settings: ${insideDocumentation(settings)}`]),
    `kernels: ${emitted.manifest.files[0]!.path} ${emitted.manifest.files[0]!.hash}, for ${dtype}`,
    '"""',
    ...(hasRows ? ['from typing import Optional', ''] : []),
    'from torch import Tensor',
    '',
    ...(module === undefined ? [] : ['from . import eager as _eager']),
    ...(outputs === undefined ? [] : [`from .eager import ${outputs}`]),
    'from .library import chosen_alternative, use_alternative, use_library',
    'from .operator import call as _call',
    'from .operator import reason_for_eager, reason_for_eager_gradients',
    '',
    ...wrapped('__all__ = [', exported, ']'),
  ].join('\n');
  return `${[head, ...parts].join('\n\n\n')}\n`;
}

/** The module of eager PyTorch with another way to compute. */
function moduleClass(
  { arguments: given, hasRows, function: name, ...signature }: Binding['signature'],
  module: string,
): readonly string[] {
  const others = given.filter(({ node }) => node.role !== 'parameter');
  const passed = given.map((argument) => {
    const value = argument.node.role === 'parameter' ? `self.${argument.name}` : argument.name;
    return argument.isPositional ? value : `${argument.name}=${value}`;
  });
  return [
    `class ${module}(_eager.${module}):`,
    ...indented([
      `"""${name} with its parameters, those of the module of eager PyTorch: state dictionaries fit both."""`,
      '',
      ...wrapped(
        'def forward(',
        ['self', ...parametersText(others, hasRows)],
        `) -> ${resultType({ ...signature, arguments: given, hasRows, function: name })}:`,
      ),
      ...indented(wrapped(`return ${name}(`, [...passed, ...(hasRows ? ['rows=rows'] : [])], ')')),
    ]),
  ];
}
