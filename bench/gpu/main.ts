// Prepares the GPU suite: `npm run gpu-suite -- --out DIR`. The folder is then taken to a machine with a CUDA device, PyTorch and
// nvcc, where `python run.py` builds, checks and measures; nothing of Node or of this checkout is needed there.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { version } from '../../cli/version.js';
import { prepare } from './prepare.js';

const HELP = `npm run gpu-suite -- --out DIR [options]
  --out DIR        the folder to prepare: new, empty, or prepared before
  --only TEXT      only variants whose names hold TEXT; may be repeated
  --cases N        cases with their truth for each small variant (3)`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      only: { type: 'string', multiple: true },
      cases: { type: 'string' },
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
    cases: values.cases === undefined ? undefined : Number(values.cases),
    onVariant: (name) => process.stderr.write(`${name}\n`),
  });
  const kernels = prepared.reduce((sum, { forms }) => sum + forms.length, 0);
  console.log(`${prepared.length} variants, ${kernels} files of kernels in ${values.out}; there: python run.py`);
  for (const { name, missing } of prepared) {
    for (const { form, why } of missing) console.log(`  ${name} has no form for ${form}: ${why}`);
  }
}

await main();
