// The program of the folder for CUDA machines, without one: it walks all groups, killed in each, finds what is planted, stops in time,
// and runs as on a device where all but the kernels is mocked.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { entriesOf, groups, onEmulation, preparedForTests, resultsOf, root, script, started } from './prepared.js';

const prepared = preparedForTests({ isEmulated: true });

describe('its program', () => {
  onEmulation('walks all nine groups, killed in each, and resumes where it was', () => {
    const log = join(prepared.folder, 'begun.log');
    for (const group of groups) {
      const { signal, stderr } = started(
        prepared.folder,
        script('killed.py'),
        prepared.folder,
        String(group),
        log,
        '--dry-run',
        '--rounds',
        '3',
      );
      expect({ signal, stderr }).toEqual({ signal: 'SIGKILL', stderr: '' });
      // What was found is readable, and says what was under way.
      expect(resultsOf(prepared.folder).running).toMatchObject({ group });
      expect(Object.keys(resultsOf(prepared.folder).groups)).toContain(String(group));
    }
    const { status, stdout, stderr } = started(
      prepared.folder,
      script('killed.py'),
      prepared.folder,
      '0',
      log,
      '--dry-run',
      '--rounds',
      '3',
    );
    expect({ status, stderr }, stdout).toEqual({ status: 0, stderr: '' });

    const results = resultsOf(prepared.folder);
    const found = entriesOf(results);
    expect(results.runs).toHaveLength(10);
    expect(results.running).toBe(null);
    expect([...new Set(found.map(({ group }) => group))]).toEqual([...groups]);
    for (const { name, status: each, reason } of found) {
      // What this machine has not is skipped by name; everything else is done.
      expect(each === 'done' || (each === 'skipped' && reason !== undefined), `${name}: ${each} ${reason}`).toBe(true);
    }
    // Each is begun once, but for those that were under way.
    const begun = readFileSync(log, 'utf8').trim().split('\n');
    const finished = found.filter(({ status: each }) => each === 'done');
    for (const { group, name } of finished) expect(begun).toContain(`${group} ${name}`);
    const twice = finished.filter(({ group, name }) => begun.filter((each) => each === `${group} ${name}`).length > 1);
    expect(twice.length).toBeLessThanOrEqual(groups.length);

    const { forms: emitted } = prepared.variants.find(({ name }) => name === 'mta-64')!;
    for (const { form } of emitted) {
      expect(results.groups['2']![`mta-64 ${form}`]).toMatchObject({ status: 'done' });
      const { checks } = results.groups['3']![`mta-64 ${form} T=150`]!;
      const whats = ['a second run', 'another stream', '[B, T, H, D]', 'packed qkv', 'expanded heads'];
      expect(checks!.map(({ what }) => what)).toEqual(expect.arrayContaining(whats));
      expect(results.groups['4']!['mta D=64 T=64']!.measured).toContainEqual(
        expect.objectContaining({ contender: `heddle ${form}`, samples_ms: expect.any(Array) }),
      );
    }
    expect(results.groups['6']!['mta-64 sm_90a T=64']).toMatchObject({ status: 'done' });
    expect(results.groups['8']!['mta D=64 T=64 eager']!.measured![0]!.samples_ms).toHaveLength(3);
    const { checks: ofGradients } = results.groups['5']!['gradients of mta-64 sm_80 T=70']!;
    const gradients = ['q', 'k', 'v', 'theta_pre'].flatMap((name) => [
      `gradient of ${name} at 70`,
      `the gradient of ${name} alone`,
    ]);
    expect(ofGradients!.map(({ what }) => what)).toEqual(expect.arrayContaining([...gradients, 'a second run']));
    for (const name of ['training mta D=64 T=24', 'training mta D=64 T=24 materialised']) {
      const [first] = results.groups['5']![name]!.measured!;
      const samples = { samples_ms: expect.any(Array) };
      expect(first, name).toMatchObject({ ...samples, parts: { forward: samples, backward: samples } });
    }
    for (const name of ['small cases', 'gradients of small cases']) {
      expect(results.groups['9']![`${name} of decode-bf16 sm_80`]).toMatchObject({ status: 'done' });
    }
    // A run that finds everything does nothing.
    const { stdout: idle } = started(prepared.folder, 'run.py', '--dry-run');
    expect(idle).toContain('3. correctness: 0 of');
  });

  onEmulation('shows what would run, with what the last run took', () => {
    const { status, stdout } = started(prepared.folder, 'run.py', '--plan', '--dry-run', '--out', 'elsewhere.json');
    expect(status).toBe(0);
    expect(stdout).toMatch(/9\. the rest: \d+ entries, about \d+ s; [\s\S]*about \d+ s in all, of a budget of 540 s/);
    expect(stdout).toContain('mta-64 sm_90a (guessed)');
    const { stdout: after } = started(prepared.folder, 'run.py', '--plan', '--dry-run');
    expect(after).toContain('mta-64 sm_90a (done already)');
    const { stdout: anew } = started(prepared.folder, 'run.py', '--plan', '--dry-run', '--seed', '2');
    expect(anew).toContain('mta-64 sm_90a (measured)');
  });

  onEmulation('makes a page of results, and of two of them', () => {
    const slower = JSON.parse(readFileSync(join(prepared.folder, 'results.json'), 'utf8')) as {
      groups: Record<string, Record<string, { status: string; measured?: { median_ms?: number }[] }>>;
    };
    for (const each of slower.groups['4']!['mta D=64 T=64']!.measured!) if (each.median_ms) each.median_ms *= 2;
    slower.groups['2']!['causal-64 sm_80']!.status = 'wrong';
    writeFileSync(join(prepared.folder, 'earlier.json'), JSON.stringify(slower));
    const { status, stderr } = started(prepared.folder, 'report.py', 'results.json', 'earlier.json', '--out', 'page');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const page = readFileSync(join(prepared.folder, 'page', 'report.md'), 'utf8');
    expect(page).toMatch(/mta D=64 T=64 +\| +heddle sm_90a \| +[\d.]+ \| +[\d.]+ \| +0\.50 \|/);
    expect(page).toContain('**causal-64 sm_80**: was wrong, is done');
    for (const part of [
      '## Marks',
      '![mta](mta.svg)',
      '![mta-training](mta-training.svg)',
      'materialised: backward',
      '## Operations of training',
      '| roofline',
      'a dry run has no device',
    ])
      expect(page).toContain(part);
    const chart = readFileSync(join(prepared.folder, 'page', 'mta.svg'), 'utf8');
    for (const part of ['heddle sm_80', 'heddle sm_90a', 'eager in bf16', 'roofline', 'D = 64'])
      expect(chart).toContain(part);
    const parse = 'import sys, xml.dom.minidom; [xml.dom.minidom.parse(each) for each in sys.argv[1:]]';
    expect(
      started(join(prepared.folder, 'page'), '-c', parse, 'mta.svg', 'causal.svg', 'mta-training.svg').status,
    ).toBe(0);
    expect(started(prepared.folder, 'report.py', 'suite.json')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('holds no results'),
    });
  });

  onEmulation('reports a hang and a wrong value by name, while all else goes on', () => {
    const own = mkdtempSync(join(tmpdir(), 'heddle-planted-'));
    cpSync(prepared.folder, own, { recursive: true });
    rmSync(join(own, 'results.json'));
    const plant = (variant: string, form: string, name: string, change: (text: string) => string): void => {
      const place = join(own, 'variants', variant, form, variant.replace(/-.*/, ''));
      const text = readFileSync(join(place, `${name}.cu`), 'utf8');
      expect(change(text)).not.toBe(text);
      writeFileSync(join(place, `${name}.cu`), change(text));
      const flags = ['-std=c++17', '-Og', '-w', '-fno-strict-aliasing', '-shared', '-fPIC', '-Wl,-Bsymbolic'];
      const include = ['-I', join(root, 'targets', 'cuda', 'emulation'), '-I', place];
      execFileSync('g++', [...flags, ...include, join(place, 'emulated.cpp'), '-o', join(place, 'emulated.so')]);
    };
    // Nobody arrives at the barrier of the queries; and powers are those of another base, of a forward, and of a backward alone.
    plant('mta-64', 'sm_90a', 'mta', (text) => text.replace(/^ *expect_bytes\(\d+, \d+\);\n/m, '\n'));
    // The logarithm of e in base two stands alone, and times the scale 1 / 8.
    const inAnotherBase = (text: string): string =>
      text.replace(/\b1\.44269\d*f/g, '1.3f').replaceAll('0.18033688f', '0.16f');
    plant('causal-64', 'sm_80', 'causal', inAnotherBase);
    plant('mta-64', 'sm_80', 'mta_backward', inAnotherBase);
    const { status, stdout } = started(own, 'run.py', '--dry-run', '--groups', '2,3,4,5,9', '--rounds', '3');
    const results = resultsOf(own);
    rmSync(own, { recursive: true });
    expect(status, stdout).toBe(1);
    const hung = results.groups['2']!['mta-64 sm_90a']!;
    expect(hung.status).toBe('died');
    expect(hung.reason).toMatch(
      /a wait in vain at the barrier "q is full" for the phase of parity 0, in kernel \w+, block 0, thread \d+, line \d+ of variants\/mta-64\/sm_90a\/mta\/mta\.cu: await_barrier\(/,
    );
    expect(results.groups['2']!['causal-64 sm_80']).toMatchObject({
      status: 'wrong',
      reason: expect.stringMatching(/^out at 70: .*blocks are wrong/),
    });
    for (const { group, name, status: each, reason, without } of entriesOf(results)) {
      if (name.startsWith('causal-64 sm_80 T=') && group === 3) expect(each, name).toBe('wrong');
      else if (name.startsWith('gradients of mta-64 sm_80')) {
        expect({ status: each, reason }, name).toMatchObject({ reason: expect.stringMatching(/^gradient of .*wrong/) });
        expect(each).toBe('wrong');
      } else if (name.includes('FlexAttention')) expect(each, name).toBe('skipped');
      else if (name.includes('mta-64 sm_90a') && group > 2) {
        expect(each, name).toBe('skipped');
        expect(reason, name).toContain('q is full');
      } else if (/^(training )?mta D=64 T=\d+$/.test(name)) expect(without?.join(), name).toContain('q is full');
      else if (group > 2 && !/^(micro|operator of causal-64 sm_80)/.test(name))
        expect(each, `${name}: ${reason}`).toBe('done');
    }
  });

  onEmulation('stops in time, and says what it left out', () => {
    const { status, stdout } = started(prepared.folder, 'run.py', '--dry-run', '--budget', '0', '--out', 'none.json');
    expect(status).toBe(0);
    expect(stdout).toMatch(/mta-64 sm_90a: left out: it takes about .* s, and 0 s are left/);
  });

  onEmulation('runs as on a device, with kernels on the emulation and all else mocked', () => {
    rmSync(join(prepared.folder, 'results.json'));
    const { status, stdout, stderr } = started(prepared.folder, script('mocked.py'), prepared.folder, '--rounds', '3');
    // The mocked sanitizer finds races, and cannot look for what was not initialised.
    expect(status, stdout + stderr).toBe(1);
    const results = resultsOf(prepared.folder);
    const bad = entriesOf(results).filter(({ status: each }) => each === 'wrong' || each === 'died');
    expect(
      bad
        .map(({ name, reason }) => `${name}: ${reason}`)
        .every((each) => /^(racecheck .*a race at line 7|initcheck .*ended with 4)/.test(each)),
      stdout,
    ).toBe(true);
    expect(bad).toHaveLength(8);
    expect(results.machine).toMatchObject({ device: 'a mock', driver_version: '580.1', 'clocks.max.sm': '1980' });
    expect(results.machine).toMatchObject({ computed_tflops: expect.closeTo(132 * 2048 * 2 * 1.98e-3, 6) });
    expect(results.groups['1']).toMatchObject({ copy: { status: 'done' }, product: { status: 'done' } });
    expect(results.groups['2']!['mta-64 sm_90a']).toMatchObject({ status: 'done', origin: 'here' });
    expect(results.groups['5']!['training mta D=64 T=24']!.measured).toContainEqual(
      expect.objectContaining({ contender: 'heddle sm_90a', peak_bytes: 2 ** 20, counted_tflops: expect.any(Number) }),
    );
    expect(results.groups['4']!['mta D=64 T=64']!.measured).toContainEqual(
      expect.objectContaining({ contender: 'heddle sm_90a', peak_bytes: 2 ** 20, samples_ms: expect.any(Array) }),
    );
    expect(results.groups['6']!['causal-64 sm_90a T=64']).toMatchObject({
      longest: { duration_ns: 1.5e6, issue_slots_percent: 81 },
    });
    expect(results.groups['9']!['micro']).toMatchObject({
      rates: [expect.objectContaining({ name: 'mma.sync', tflops: 500 })],
    });
    started(prepared.folder, 'report.py', 'results.json', '--out', 'page');
    expect(readFileSync(join(prepared.folder, 'page', 'report.md'), 'utf8')).toMatch(
      /causal-64 sm_90a T=64 .*\| +issue \|/,
    );
  });
});
