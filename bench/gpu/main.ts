// Prepares the GPU suite: `npm run gpu-suite -- --out DIR`. The folder is then taken to a machine with a CUDA device, PyTorch and
// nvcc, where `python run.py` builds, checks and measures; nothing of Node or of this checkout is needed there.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { version } from '../../driver/version.js';
import { sizeOf } from './folder.js';
import { prepare } from './prepare.js';

const HELP = `npm run gpu-suite -- --out DIR [options]
  --out DIR        the folder to prepare: new, empty, or prepared before
  --only TEXT      only variants whose names hold TEXT; may be repeated
  --cases N        cases with their truth for each small variant (3)
  --arch NAME      what nvcc builds libraries for (sm_90, and with it the form for sm_90a); may be repeated; "none" for nothing
  --heads N        heads of the variants that are timed (16)
  --emulated       kernels on the emulation too, for a dry run: of few variants, as g++ takes seconds for each`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      only: { type: 'string', multiple: true },
      cases: { type: 'string' },
      arch: { type: 'string', multiple: true, default: ['sm_90'] },
      heads: { type: 'string' },
      emulated: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help || values.out === undefined) {
    console.log(HELP);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const { stdout } = spawnSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' });
  const { only } = values;
  const prepared = await prepare({
    root: process.cwd(),
    out: values.out,
    version: version(),
    revision: stdout?.trim() || undefined,
    only: only && (({ name }) => only.some((part) => name.includes(part))),
    cases: countOf('cases', values.cases),
    heads: countOf('heads', values.heads),
    architectures: values.arch.filter((each) => each !== 'none'),
    isEmulated: values.emulated,
    onVariant: (name) => process.stderr.write(`${name}\n`),
  });
  const kernels = prepared.reduce((sum, { forms }) => sum + forms.length, 0);
  const built = prepared.flatMap((variant) => variant.forms.flatMap((each) => each.prepared));
  const megabytes = (sizeOf(values.out) / 2 ** 20).toFixed(1);
  console.log(
    `${prepared.length} variants, ${kernels} files of kernels, ${built.length} built, ${megabytes} MiB in ${values.out}; there: python run.py`,
  );
  if (built.length === 0) console.log('  nothing was built by nvcc: the machine with the GPU builds what it runs');
  for (const { name, missing } of prepared) {
    for (const { form, why } of missing) console.log(`  ${name} has no form for ${form}: ${why}`);
  }
}

/** A count of an option, which must be one. */
function countOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`--${name} ${text}: a whole number from 1 on is wanted`);
  return count;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
