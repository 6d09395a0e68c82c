// Programs that use a device end by themselves, as built: with workers open, and when the program is killed.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect } from 'vitest';
import { webgpu, wgpu } from '../../../../targets/wgsl/device/index.js';
import { root } from '../../../packaging/pack.js';
import { testsOn } from '../../../support/devices.js';
import { endlessWgsl, saxpy } from './kernels.js';

// Within the checkout, so that the packages of the devices are found.
mkdirSync(join(root, 'out'), { recursive: true });
const folder = mkdtempSync(join(root, 'out', 'device-exit-'));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all([webgpu.close(), wgpu.close()]);
});

const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
writeFileSync(
  join(folder, 'tsconfig.json'),
  JSON.stringify({
    extends: '../../tsconfig.build.json',
    compilerOptions: { rootDir: '../..', outDir: './built', declaration: false },
    include: ['../../targets/wgsl/device'],
  }),
);
writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
execFileSync(process.execPath, [tsc, '-p', folder], { stdio: 'inherit' });

function program(name: string, body: string): string {
  const path = join(folder, `${name}.js`);
  writeFileSync(path, `import * as devices from './built/targets/wgsl/device/index.js';\n${body}`);
  return path;
}

const waits = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** The processes that a process has started, once there are as many as expected, or after ten seconds. */
async function childrenOf(pid: number, expected: number): Promise<number[]> {
  for (let tries = 0; ; tries += 1) {
    // ps ends with 1 where it has nothing to list.
    const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
    const children = stdout.split('\n').filter(Boolean).map(Number).filter(isAlive);
    if (children.length >= expected || tries === 100) return children;
    await waits(100);
  }
}

describe.each([webgpu, wgpu])('a program on $name', async ({ name, availability }) => {
  const onDevice = await testsOn({ name, availability });

  onDevice('ends by itself after its last job, without closing anything', () => {
    const job = { ...saxpy(4, 2), buffers: saxpy(4, 2).buffers.map((each) => ({ ...each, data: undefined })) };
    const path = program(
      `ends-${name}`,
      `console.log(new Float32Array((await devices.${name}.runJob(${JSON.stringify(job)})).get('y')).length);
       console.log((await devices.validate(${JSON.stringify(job.wgsl)})).length);`,
    );
    const output = execFileSync(process.execPath, [path], { encoding: 'utf8', timeout: 120_000 });
    expect(output).toBe('4\n0\n');
  });

  onDevice('takes its worker along when it is killed', async () => {
    const endless = {
      wgsl: endlessWgsl,
      buffers: [{ name: 'flag', size: 8 }],
      dispatches: [
        { entryPoint: 'wait', workgroups: [1], bindings: [{ binding: 0, kind: 'read_write', buffer: 'flag' }] },
      ],
    };
    const path = program(
      `killed-${name}`,
      `const device = devices.${name}Device({ adapter: 'software' });
       await device.facts();
       setTimeout(() => console.log('running'), 500);
       // A worker at rest keeps no program alive, and this one is to be killed.
       setInterval(() => {}, 1000);
       // Deno's thread is blocked while its device computes, so there the end of a job that never ends goes unseen.
       if (device.name === 'webgpu') await device.runJob(${JSON.stringify(endless)});`,
    );
    const child = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const workers = await childrenOf(child.pid!, 1);
    expect(workers).toHaveLength(1);
    child.kill('SIGKILL');
    for (let tries = 0; tries < 100 && workers.some(isAlive); tries++) await waits(100);
    const left = workers.filter(isAlive);
    for (const pid of left) process.kill(pid, 'SIGKILL');
    expect(left).toEqual([]);
  });
});
