// What a spec does when a program imports it as JavaScript: its settings are kept, checked and frozen, and its body is not called.
// Browser-safe; everything that would have to compute says that specs are compiled.
import type { Choice, Config, Setting, Settings, Spec, Study, Variant } from './language.js';

/** What stands for a function of the language where a spec is JavaScript. */
export const compiledNotRun = (name: string) => (): never => {
  throw new Error(`heddle: ${name}() was called. Specs are compiled, not run: try npx heddle compile <spec.ts>`);
};

export function specOf<C extends Config>(defaults: C): Spec<C> {
  return frozen({
    defaults,
    with: (overrides: Partial<Settings<C>>): Spec<C> => {
      const merged: Record<string, Setting> = { ...defaults };
      for (const [name, value] of Object.entries(overrides)) {
        if (value !== undefined) merged[name] = overridden(name, knownSetting(defaults, name), value);
      }
      return specOf(frozen(merged) as C);
    },
  });
}

export function checkedDefaults(defaults: Config): Config {
  const copy: Record<string, Setting> = {};
  for (const [name, value] of Object.entries<unknown>(defaults)) {
    if (name === 'q' || name === 'k' || name === 'v') {
      throw new Error(`heddle: the setting '${name}' hides the standard input ${name}: choose another name`);
    }
    if (!isSetting(value)) {
      throw new Error(`heddle: the setting '${name}' is not a number, a boolean, a oneOf() or an array of numbers`);
    }
    copy[name] = copied(value);
  }
  return frozen(copy) as Config;
}

function knownSetting(defaults: object, name: string): Setting {
  const setting = Object.hasOwn(defaults, name) ? (defaults as Record<string, Setting>)[name] : undefined;
  if (setting !== undefined) return setting;
  throw new Error(`heddle: there is no setting '${name}'. The settings are ${Object.keys(defaults).join(', ')}`);
}

/** A choice keeps its options, the chosen one first, so that another `with` can still pick any of them. */
function overridden(name: string, setting: Setting, value: unknown): Setting {
  if (isChoice(setting)) {
    const chosen = setting.options.find((option) => option === value);
    if (chosen !== undefined) return choiceOf([chosen, ...setting.options.filter((option) => option !== chosen)]);
    throw new Error(`heddle: the setting '${name}' is one of ${setting.options.join(', ')}, not ${String(value)}`);
  }
  const sameKind = typeof value === typeof setting && Array.isArray(value) === Array.isArray(setting);
  if (sameKind && isSetting(value)) return copied(value);
  throw new Error(`heddle: the setting '${name}' is ${described(setting)}, not ${String(value)}`);
}

function described(setting: Setting): string {
  return isNumbers(setting) ? 'an array of numbers' : `a ${typeof setting}`;
}

function isSetting(value: unknown): value is Setting {
  if (typeof value === 'number' || typeof value === 'boolean') return true;
  return isNumbers(value) || isChoice(value);
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'number');
}

/** A choice of its own, frozen. */
export const choiceOf = <T>(options: readonly [T, ...T[]]): Choice<T> =>
  frozen({ options: frozen<[T, ...T[]]>([...options]) });

function isChoice(value: unknown): value is Choice<string | number> {
  return typeof value === 'object' && value !== null && 'options' in value && Array.isArray(value.options);
}

function copied(setting: Setting): Setting {
  if (isNumbers(setting)) return frozen([...setting]);
  return isChoice(setting) ? choiceOf(setting.options) : setting;
}

export function frozen<const T extends object>(value: T): T {
  return Object.freeze(value) as T;
}

/** A frozen copy, all the way down; functions stay themselves. */
export function deepFrozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (isSpec(value)) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(deepFrozen)) as T;
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([name, each]) => [name, deepFrozen(each)]))) as T;
}

/** @throws Error for a setting or a value that the spec of a variant lacks. */
export function checkStudy<C extends Config, V>(spec: Spec<C>, study: Study<NoInfer<C>, V>): void {
  spec.with(study.base ?? {});
  for (const variant of Object.values<Variant<C>>((study.variants ?? {}) as Record<string, Variant<C>>)) {
    if (isSettled(variant)) variant[0].with(variant[1]);
    else if (!isSpec(variant)) spec.with(variant as Partial<Settings<C>>);
  }
  for (const [name, tried] of Object.entries((study.grid ?? {}) as Record<string, readonly unknown[]>)) {
    for (const value of tried) overridden(name, knownSetting(spec.defaults, name), value);
  }
}

const isSettled = <C>(variant: Variant<C>): variant is readonly [Spec<unknown>, Partial<Settings<unknown>>] =>
  Array.isArray(variant);
const isSpec = (value: object): boolean =>
  Object.hasOwn(value, 'defaults') && 'with' in value && typeof value.with === 'function' && !Array.isArray(value);
