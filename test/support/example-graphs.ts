// The graphs of the examples, opened and compiled once in a process: tests that ask for the same one get the same object, and with it
// what schedules and interpreters have made of it already.
import { openSpec, type SpecFile } from '../../dsl/frontend/index.js';
import type { Graph } from '../../src/ir/index.js';
import { optimise } from '../../src/passes/index.js';
import { type ExampleCase, exampleCases, exampleFiles } from './examples.js';

type Settings = ExampleCase['settings'];

const opened = new Map<string, Promise<SpecFile>>();
const graphs = new Map<string, Promise<Graph>>();

/** The file of an example, by the name of its export. */
export function openExample(name: string): Promise<SpecFile> {
  const known = opened.get(name) ?? openSpec(exampleFiles.get(name)!);
  opened.set(name, known);
  return known;
}

/** The settings at which an example is small. */
export const smallSettings = (name: string): Settings => exampleCases.find((each) => each.name === name)!.settings;

/** The optimised graph of an example, at its defaults but for the settings. */
export function exampleGraph(name: string, settings: Settings = {}): Promise<Graph> {
  const key = JSON.stringify([name, settings]);
  const known = graphs.get(key) ?? openExample(name).then((file) => optimise(file.compile(undefined, settings)));
  graphs.set(key, known);
  return known;
}
