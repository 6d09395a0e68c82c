// Runs JavaScript beside emitted files in a process of its own, with Dawn as the only other module: what a user's program does.
// The driver is a GPU's, else the software device of npm.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { softwareVulkan } from '../../../targets/wgsl/device/software-vulkan.js';

/** What `body` returns, as JSON; it sees `gpu`, `adapter` and `given`, and may import the files. */
export function onDawn(files: ReadonlyMap<string, string>, given: unknown, body: string): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'launcher-'));
  try {
    for (const [path, text] of files) writeFileSync(join(folder, path), text);
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'given.json'), JSON.stringify(given));
    writeFileSync(
      join(folder, 'main.js'),
      `
import { readFileSync } from 'node:fs';
import { create, globals } from ${JSON.stringify(import.meta.resolve('webgpu'))};
Object.assign(globalThis, globals);
const given = JSON.parse(readFileSync(new URL('given.json', import.meta.url)));
const gpu = create([]);
const adapter = await gpu.requestAdapter();
const answer = await (async () => {${body}
})();
process.stdout.write(JSON.stringify(answer), () => process.exit(0));
`,
    );
    const vulkan = softwareVulkan();
    const text = execFileSync(process.execPath, [join(folder, 'main.js')], {
      env: { ...process.env, ...(vulkan.available ? vulkan.environment : {}) },
      encoding: 'utf8',
    });
    return JSON.parse(text);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
