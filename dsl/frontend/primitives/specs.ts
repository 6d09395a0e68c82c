// attention, ablation, oneOf and ensure: specs, their settings and the conditions on them.
// attention() keeps its body: it is evaluated for each configuration that is asked for.
import type { ts } from 'ts-morph';
import { isName } from '../../../src/names.js';
import { describeSetting } from '../describe-settings.js';
import type { Evaluation } from '../evaluation.js';
import { expectations, settingFault } from '../settings.js';
import { constantString } from '../symbolic.js';
import {
  builtin,
  type Call,
  describe,
  type Field,
  field,
  isKind,
  type RecordValue,
  type SpecValue,
  truthiness,
  type Value,
} from '../values.js';

function recordOf(value: Value, n: number, what: string, call: Call): RecordValue {
  if (isKind(value, 'record')) return value;
  return call.evaluation.fail(call.at(n), 'HD1033', { expected: what, found: describe(value) });
}

/** Whether a default is of a kind that settings have. */
export function isSetting(value: Value): boolean {
  if (typeof value === 'number' || typeof value === 'boolean' || isKind(value, 'choice')) return true;
  return isKind(value, 'list') && value.items.every((item) => typeof item === 'number');
}

const reserved = new Set(['q', 'k', 'v']);

const attention = builtin('attention', (call) => {
  const { evaluation, site, at } = call;
  if (evaluation.graph !== undefined) evaluation.fail(site, 'HD1048', { name: 'attention' });
  const settings = recordOf(call.values[0], 0, 'an object of defaults', call).fields;
  for (const [name, { get, site: written }] of settings) {
    if (!isName(name)) evaluation.fail(written ?? at(0), 'HD2012', { what: 'setting', name });
    if (reserved.has(name)) evaluation.fail(written ?? at(0), 'HD2007', { name });
    if (!isSetting(get())) evaluation.fail(written ?? at(0), 'HD2008', { name, found: describe(get()) });
  }
  checkDefaults(settings, call);
  const body = call.values[1];
  if (!isKind(body, 'closure')) {
    return evaluation.fail(at(1), 'HD1033', { expected: 'a function', found: describe(body) });
  }
  return { kind: 'spec', settings, body, site };
});

/** spec.with(overrides): the same spec with other defaults. */
export function withDefaults(spec: SpecValue) {
  return builtin('with', (call): Value => {
    const settings = new Map<string, Field>(spec.settings);
    for (const [name, { get, site }] of recordOf(call.values[0], 0, 'an object of settings', call).fields) {
      const value = get();
      if (value === undefined) continue;
      const before = settings.get(name)?.get();
      if (before === undefined) {
        call.evaluation.fail(site ?? call.at(0), 'HD2002', { name, names: [...settings.keys()] });
      }
      settings.set(name, overridden(name, before, value, site ?? call.at(0), call.evaluation));
    }
    checkDefaults(settings, call);
    return { ...spec, settings };
  });
}

/** A default in place of another, of the same kind. A choice keeps its options, the chosen one first. */
function overridden(name: string, before: Value, value: Value, site: ts.Node, evaluation: Evaluation): Field {
  if (isKind(before, 'choice') && before.options.some((option) => option === value)) {
    const others = before.options.filter((option) => option !== value);
    return field({ kind: 'choice', options: [value as string | number, ...others] }, site);
  }
  if (isKind(before, 'list') ? isKind(value, 'list') : typeof value === typeof before) return field(value, site);
  const { kind } = describeSetting(name, field(before));
  return evaluation.fail(site, 'HD2003', { name, expected: expectations[kind], found: describe(value) });
}

/** Defaults obey the rules of all values: finite numbers, whole sizes. */
function checkDefaults(settings: SpecValue['settings'], call: Call): void {
  for (const [name, each] of settings) {
    const setting = describeSetting(name, each);
    const fault = settingFault(setting, setting.default);
    if (fault !== undefined) call.evaluation.failWith(each.site ?? call.at(0), fault);
  }
}

const ablation = builtin('ablation', (call) => {
  const { evaluation, site, at } = call;
  if (evaluation.graph !== undefined) evaluation.fail(site, 'HD1048', { name: 'ablation' });
  const spec = call.values[0];
  if (!isKind(spec, 'spec')) {
    return evaluation.fail(at(0), 'HD1033', { expected: 'a spec', found: describe(spec) });
  }
  return { kind: 'study', spec, study: recordOf(call.values[1], 1, 'an object', call), site };
});

const oneOf = builtin('oneOf', ({ values, at, evaluation }) => {
  const options = values.map((value, n) => {
    if (typeof value === 'string' || typeof value === 'number') return value;
    return evaluation.fail(at(n), 'HD1010', { what: 'an option of oneOf()', found: describe(value) });
  });
  return { kind: 'choice', options };
});

const ensure = builtin('ensure', ({ values, site, at, evaluation }) => {
  const holds = truthiness(values[0]);
  if (holds === undefined) {
    return evaluation.fail(at(0), 'HD1010', { what: 'the condition of ensure()', found: describe(values[0]) });
  }
  const message = constantString(values[1], 'the message of ensure()', at(1), evaluation);
  return holds ? undefined : evaluation.failHere(site, 'HD2009', { message });
});

export const specPrimitives = { attention, ablation, oneOf, ensure };
