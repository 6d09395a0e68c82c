// Settings from the command line and from programs: what each kind takes, and what is said about the rest.
// Sizes that shape inputs are whole; every other number may be any finite one.
import { describe, expect, it } from 'vitest';
import { openSpec, parseSetting, type SettingDescription } from '../../dsl/frontend/index.js';
import { type Diagnostic, HeddleError } from '../../src/diagnostics/index.js';
import { exampleFiles } from '../support/examples.js';

const settings: readonly SettingDescription[] = [
  { name: 'heads', kind: 'number', default: 8 },
  { name: 'kvHeads', kind: 'number', default: 0 },
  { name: 'cap', kind: 'number', default: 50 },
  { name: 'deep', kind: 'boolean', default: false },
  { name: 'padKey', kind: 'choice', default: 'both', options: ['both', 'left', 'right'] },
  { name: 'level', kind: 'choice', default: 1, options: [1, 2] },
  { name: 'slopes', kind: 'numbers', default: [1] },
];

function refusal(run: () => unknown): Diagnostic {
  try {
    run();
  } catch (error) {
    if (error instanceof HeddleError) return error.diagnostics[0]!;
  }
  throw new Error('nothing was refused');
}

describe('parseSetting', () => {
  it.each([
    ['heads', '16', 16],
    ['kvHeads', '0', 0],
    ['cap', '30.5', 30.5],
    ['cap', '-1e-3', -0.001],
    ['cap', '+.5', 0.5],
    ['cap', '1_000', 1000],
    ['cap', ' 7 ', 7],
    ['deep', 'true', true],
    ['deep', 'false', false],
    ['padKey', 'left', 'left'],
    ['level', '2', 2],
    ['slopes', '1,2.5,-3', [1, 2.5, -3]],
    ['slopes', '[1, 2]', [1, 2]],
    ['slopes', '[]', []],
  ])('%s=%s', (name, text, expected) => {
    expect(parseSetting(name, text, settings)).toEqual(expected);
  });

  it.each([
    ['head', '8', 'HD2002', 'did you mean heads?'],
    ['colour', '8', 'HD2002', 'the settings are heads, kvHeads, cap, deep, padKey, level, slopes'],
    ['heads', 'many', 'HD2003', 'give it a finite number'],
    ['heads', '', 'HD2003', 'give it a finite number'],
    ['cap', '0x10', 'HD2003', 'give it a finite number'],
    ['cap', 'Infinity', 'HD2003', 'give it a finite number'],
    ['cap', '1e999', 'HD2003', 'give it a finite number'],
    ['deep', 'yes', 'HD2003', 'give it true or false'],
    ['deep', '1', 'HD2003', 'give it true or false'],
    ['slopes', '1,,2', 'HD2003', 'give it numbers separated by commas'],
    ['padKey', 'letf', 'HD2004', 'did you mean left?'],
    ['padKey', 'above', 'HD2004', 'the options are both, left, right'],
    ['level', '3', 'HD2004', 'the options are 1, 2'],
    ['heads', '2.5', 'HD2010', 'give a whole number from 1 to 1024'],
    ['heads', '0', 'HD2010', 'give a whole number from 1 to 1024'],
    ['heads', '1000000', 'HD2010', 'give a whole number from 1 to 1024'],
    ['kvHeads', '-1', 'HD2010', 'give a whole number up to 1024; 0 means the default'],
  ])('%s=%s is refused', (name, text, code, hint) => {
    expect(refusal(() => parseSetting(name, text, settings))).toMatchObject({ code, hint });
  });
});

describe('compile', () => {
  it('checks overrides as the command line does', async () => {
    const file = await openSpec(exampleFiles.get('mta')!);
    expect(refusal(() => file.compile('mta', { head: 4 })).code).toBe('HD2002');
    expect(refusal(() => file.compile('mta', { heads: '4' })).code).toBe('HD2003');
    expect(refusal(() => file.compile('mta', { heads: Number.NaN })).code).toBe('HD2003');
    expect(refusal(() => file.compile('mta', { heads: [4] })).code).toBe('HD2003');
    expect(refusal(() => file.compile('mta', { norm: 'layer' })).code).toBe('HD2004');
    expect(refusal(() => file.compile('mta', { heads: 0 })).code).toBe('HD2010');
    expect(refusal(() => file.compile('mta', { toString: 1 })).code).toBe('HD2002');
    expect(refusal(() => file.compile('mta', { constructor: 1 })).code).toBe('HD2002');
  });

  it('says where the spec refuses a configuration, and who asked', async () => {
    const file = await openSpec(exampleFiles.get('mta')!);
    const found = refusal(() => file.compile('mta', { heads: 16, preMix: 5 }));
    expect(found).toMatchObject({
      code: 'HD2009',
      message: 'the group size must divide the heads',
      span: { file: 'dsl/library/mixing.ts' },
      related: [{ message: 'called here', span: { file: 'examples/mta.ts' } }],
    });
    expect(found.related?.[0]?.frame).toContain('headMix');
  });
});
