// The files that bind the kernels of one spec: a package of its own, or one inside of a study's.
// Most of them are the same for every spec; what is particular stands in description.py.
import { emitTorch } from '../torch/index.js';
import { checksText } from './checks-text.js';
import { computationText } from './computation-text.js';
import { contextText } from './context-text.js';
import { type Binding, descriptionText } from './description-text.js';
import { gradientText } from './gradient-text.js';
import { libraryText } from './library-text.js';
import { operatorText } from './operator-text.js';
import { packageText } from './package-text.js';
import { plansText } from './plans-text.js';
import { kernelsOfBinding } from './training.js';

/** The Python package of one spec's kernels, as files below a folder of that name. */
export function boundFiles(binding: Binding, folder: string): readonly (readonly [string, string])[] {
  const { graph, signature } = binding;
  const eager = emitTorch(graph, signature.origin);
  return [
    [`${folder}/__init__.py`, packageText(binding)],
    [`${folder}/checks.py`, checksText],
    [`${folder}/computation.py`, computationText],
    [`${folder}/context.py`, contextText],
    [`${folder}/description.py`, descriptionText(binding)],
    [`${folder}/eager.py`, eager.files.get(eager.module)!],
    [`${folder}/gradients.py`, gradientText],
    [`${folder}/library.py`, libraryText],
    [`${folder}/operator.py`, operatorText],
    [`${folder}/plans.py`, plansText],
    ...kernelsOfBinding(binding).flatMap(({ name, cuda, header }): readonly (readonly [string, string])[] => [
      [`${folder}/${name}.cu`, cuda],
      [`${folder}/${name}.h`, header],
    ]),
  ];
}
