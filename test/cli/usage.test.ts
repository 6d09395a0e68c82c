// The command line itself: help, version, and every way to mistype it.
// What is wrong is a diagnostic with the nearest right name, and the exit code is 2.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { expectBadInput, inRepository, runHeddle } from './harness.js';

const commands = ['compile', 'run', 'check', 'explain', 'tune', 'ablate', 'devices'];
const mta = inRepository('examples/mta.ts');

describe('help', () => {
  test('lists the commands and the exit codes', async () => {
    const { exitCode, out, err } = await runHeddle(['--help']);
    expect(exitCode).toBe(0);
    expect(err).toBe('');
    for (const command of commands) expect(out).toContain(`\n  ${command} `);
    expect(out).toContain('Exit codes:');
  });

  test.each(commands)('of %s has its options and examples', async (command) => {
    for (const args of [
      [command, '--help'],
      ['help', command],
    ]) {
      const { exitCode, out, err } = await runHeddle(args);
      expect(exitCode).toBe(0);
      expect(err).toBe('');
      expect(out).toContain('--json');
      expect(out).toContain('Examples:\n');
    }
  });

  test('the version is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(inRepository('package.json'), 'utf8')) as { version: string };
    expect(await runHeddle(['--version'])).toEqual({ exitCode: 0, out: `${version}\n`, err: '' });
  });
});

describe('a mistyped command line', () => {
  test('without a command', async () => {
    await expectBadInput([], 'HD4008', 'compile, run, check, explain, tune, ablate, init, devices');
  });

  test('with an unknown command', async () => {
    await expectBadInput(['complie', mta], 'HD4001', '"complie"', 'did you mean "compile"?');
    await expectBadInput(['frobnicate'], 'HD4001', '"frobnicate"', 'there are compile, run,');
  });

  test('with an unknown option', async () => {
    await expectBadInput(['compile', mta, '--taget', 'gpujs'], 'HD4002', '"--taget"', 'did you mean "--target"?');
    await expectBadInput(['compile', mta, '--taget=gpujs'], 'HD4002', '"--taget"', 'did you mean "--target"?');
    await expectBadInput(['--verbos'], 'HD4002', '"--verbos"', '--version');
    await expectBadInput(['devices', '-x'], 'HD4002', 'heddle devices has no option "-x"');
  });

  test('without an argument, an option or a value of one', async () => {
    await expectBadInput(['compile'], 'HD4003', 'heddle compile needs its argument SPEC');
    await expectBadInput(['check'], 'HD4003', 'SPEC');
    await expectBadInput(['compile', mta, '--out'], 'HD4004', '--out <dir>');
    await expectBadInput(['run', mta, '--out', 'x'], 'HD4005', 'heddle run needs the option --inputs <file>');
  });

  test('with more arguments than there is use for', async () => {
    await expectBadInput(['run', mta, 'heads=4', '--inputs', 'a', '--out', 'b'], 'HD4006', '"heads=4"');
    await expectBadInput(['devices', 'all'], 'HD4006', '"all"');
  });

  test('with --set that is no name=value', async () => {
    for (const value of ['heads', '=4', ''])
      await expectBadInput(['explain', mta, '--set', value], 'HD4012', `"${value}"`);
  });

  test('with a bad number', async () => {
    for (const value of ['0', '1.5', 'many', '1e3', '99999999999999999999']) {
      await expectBadInput(['check', mta, '--cases', value], 'HD4011', '--cases', `"${value}"`);
    }
    await expectBadInput(['check', mta, '--seed=-1'], 'HD4011', '--seed', '"-1"', 'from 0 up');
    await expectBadInput(['run', mta, '--inputs', 'a', '--out', 'b', '--rows', '0'], 'HD4011', '--rows', 'from 1 up');
  });

  test('with a bad shape', async () => {
    for (const value of ['1', '1,2', '0,1,1', '1,2,2,3', '1,a,2', '1,2,2,0', '1,2,3,1,1']) {
      await expectBadInput(['check', mta, '--shape', value], 'HD4013', `"${value}"`);
      await expectBadInput(['explain', mta, '--shape', value], 'HD4013', `"${value}"`);
    }
  });

  test('with an unknown target, device, dtype or pass', async () => {
    await expectBadInput(['compile', mta, '--target', 'gpu.js'], 'HD4021', '"gpu.js"', 'did you mean "gpujs"?');
    await expectBadInput(['compile', mta, '--target', 'metal'], 'HD4021', '"metal"', 'gpujs');
    const files = ['--inputs', 'a', '--out', 'b'];
    await expectBadInput(['run', mta, ...files, '--device', 'interpeter'], 'HD4022', 'did you mean "interpreter"?');
    await expectBadInput(['check', mta, '--device', 'toaster'], 'HD4022', '"toaster"', 'interpreter, gpujs');
    await expectBadInput(['run', mta, ...files, '--dtype', 'f23'], 'HD4023', '"f23"', 'f64, f32, f16, bf16');
    await expectBadInput(['explain', mta, '--pass', 'inline-copy'], 'HD4024', 'did you mean "inline-copies"?');
    await expectBadInput(['explain', mta, '--tile-pass', 'drop-copy'], 'HD4032', 'did you mean "drop-copies"?');
  });
});

describe('with --json', () => {
  test('an error is one JSON value on standard output', async () => {
    const { exitCode, out, err } = await runHeddle(['complie', mta, '--json']);
    expect(exitCode).toBe(2);
    expect(err).toBe('');
    expect(JSON.parse(out)).toEqual({
      ok: false,
      diagnostics: [
        {
          severity: 'error',
          code: 'HD4001',
          title: 'unknown command',
          message: 'there is no command "complie"',
          hint: 'did you mean "compile"? there are compile, run, check, explain, tune, ablate, init, devices',
        },
      ],
    });
  });

  test('after -- it is no option', async () => {
    const { out, err } = await runHeddle(['devices', '--', '--json']);
    expect(out).toBe('');
    expect(err).toContain('HD4006');
  });
});

describe('colour', () => {
  test('marks errors where the terminal shows it, and only there', async () => {
    const colorStart = '\u001b[';
    expect((await runHeddle(['complie'], { colorErr: true })).err).toContain(colorStart);
    expect((await runHeddle(['complie'])).err).not.toContain(colorStart);
  });
});
