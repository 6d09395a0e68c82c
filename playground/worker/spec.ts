// The spec as it stands in the editor: opened, its settings read, compiled; and what is wrong with it as marks.
// Everything is caught here: whatever a person types has an answer.
import { openSpec, parseSetting, type SettingDescription, type Settings } from '../../dsl/frontend/index.js';
import { memoryFiles } from '../../dsl/frontend/source-files.js';
import { type Diagnostic, HeddleError, renderDiagnostic, severityOf } from '../../src/diagnostics/index.js';
import type { Graph, SettingValue } from '../../src/ir/index.js';
import type { Mark, Opened, OpenRequest, ShownSetting } from '../shared/protocol.js';

const FILE = 'spec.ts';

export interface OpenedSpec {
  readonly answer: Opened;
  /** The score graph as written, where it compiles. */
  readonly graph?: Graph;
}

/** Opens the text, takes the export that is asked for or the first, and compiles it under the settings that it has. */
export async function openText(request: OpenRequest): Promise<OpenedSpec> {
  const marks: Mark[] = [];
  let exports: readonly string[] = [];
  let settings: readonly ShownSetting[] = [];
  try {
    const file = await openSpec(FILE, undefined, { files: memoryFiles({ [FILE]: request.text }) });
    exports = file.specs.map(({ name }) => name);
    const wanted = exports.includes(request.export) ? request.export : exports[0];
    // Without any spec, asking for one says so.
    const description = file.spec(wanted);
    const asked = askedOf(description.settings, request.settings, marks);
    settings = description.settings.map((each) => shown(each, asked[each.name]));
    const graph = file.compile(description.name, asked, (warning) => marks.push(markOf(warning)));
    const { name, formula, paper } = graph;
    const spec = {
      name,
      settings: graph.settings,
      ...(formula === undefined ? {} : { formula }),
      ...(paper === undefined ? {} : { paper }),
    };
    return { answer: { marks, exports, settings, spec }, graph };
  } catch (error) {
    return { answer: { marks: [...marks, ...marksOf(error)], exports, settings } };
  }
}

/** The settings that the spec has, read; what cannot be read is marked and left as it was. */
function askedOf(descriptions: readonly SettingDescription[], typed: OpenRequest['settings'], marks: Mark[]): Settings {
  const asked: Record<string, SettingValue> = {};
  for (const { name } of descriptions) {
    const text = Object.hasOwn(typed, name) ? typed[name] : undefined;
    if (text === undefined) continue;
    try {
      asked[name] = parseSetting(name, text, descriptions);
    } catch (error) {
      marks.push(...marksOf(error));
    }
  }
  return asked;
}

function shown({ name, kind, options, summary, default: first }: SettingDescription, value = first): ShownSetting {
  return {
    name,
    kind,
    ...(options === undefined ? {} : { options }),
    ...(summary === undefined ? {} : { summary }),
    value: textOf(value),
    default: textOf(first),
  };
}

const textOf = (value: SettingValue): string => (Array.isArray(value) ? value.join(', ') : String(value));

/** What is wrong, each with its place in the text. A fault of the compiler itself is told too, without a place. */
export function marksOf(error: unknown): readonly Mark[] {
  if (error instanceof HeddleError) return error.diagnostics.map(markOf);
  const message = error instanceof Error ? error.message : String(error);
  const hint = 'this is a fault of Heddle: please report it with the spec';
  return [{ severity: 'error', code: 'internal', message, hint, rendered: `${message}\nhint: ${hint}` }];
}

function markOf(found: Diagnostic): Mark {
  const { code, message, hint, span } = found;
  const place = span?.file.endsWith(FILE) ? span : undefined;
  return {
    severity: severityOf(code) === 'error' ? 'error' : 'warning',
    code,
    message,
    hint,
    rendered: renderDiagnostic(found),
    ...(place === undefined ? {} : { place }),
  };
}
