// The program around an emitted file that runs it on the host: tensors come in by standard input, outputs leave by standard
// output, and the launcher is called as a user would call it. Outputs and workspace start as NaN, so that what nobody
// wrote is seen.
import type { Buffer } from '../../../codegen/tile/types.js';
import { sizeOfAxis } from '../../shared/sizes.js';
import { bytesOf } from '../buffers.js';
import type { EmittedCuda } from '../emit-files.js';

const elements = ({ axes }: Buffer): string => ['static_cast<size_t>(1)', ...axes.map(sizeOfAxis)].join(' * ');

export function driverText({ name, prefix, program, module, alternatives }: EmittedCuda): string {
  const hasChoice = alternatives.length > 1;
  const tensors = program.buffers.filter(({ role }) => role !== 'workspace');
  const lines = tensors.flatMap((buffer) => {
    const { name: field, element } = module.buffers.get(buffer)!;
    const size = `${elements(buffer)} * ${bytesOf[element]}`;
    return [
      `  void *const of_${field} = take("${field}", ${size}, ${buffer.role === 'input'});`,
      `  tensors.${field} = of_${field};`,
    ];
  });
  const outputs = tensors
    .filter(({ role }) => role === 'output')
    .map((buffer) => {
      const { name: field, element } = module.buffers.get(buffer)!;
      return `  give(of_${field}, ${elements(buffer)} * ${bytesOf[element]});`;
    });
  return `// Runs ${name} on the host.
#include "${name}.cu"

/** Memory with a name; inputs are read, everything else is poisoned. */
static void *take(const char *name, size_t bytes, bool is_input) {
  void *const place = aligned_alloc(256, (bytes + 511) / 256 * 256);
  memset(place, 0xff, bytes);
  if (is_input && fread(place, 1, bytes, stdin) != bytes) emulation::fail("an input is too short", 0);
  emulation::declare_memory(name, place, bytes);
  return place;
}

static void give(const void *place, size_t bytes) { fwrite(place, 1, bytes, stdout); }

int main() {
  int given[5];
  if (fread(given, sizeof(int), 5, stdin) != 5) return 1;
  const int batch = given[0], queries = given[1], keys = given[2], rows = given[3];
  (void)batch, (void)queries, (void)keys, (void)rows;
  const ${prefix}_sizes sizes = {batch, queries, keys, rows${hasChoice ? ', given[4]' : ''}};
  ${prefix}_tensors tensors = {};
${lines.join('\n')}
  const size_t workspace_size = ${prefix}_workspace_size(&sizes);
  void *const workspace = take("the workspace", workspace_size, false);
  const cudaError_t error = ${prefix}_launch(&tensors, &sizes, workspace, workspace_size, nullptr);
  if (error != cudaSuccess) {
    fprintf(stderr, "the launcher says error %d\\n", static_cast<int>(error));
    return 87;
  }
${outputs.join('\n')}
  return 0;
}
`;
}
