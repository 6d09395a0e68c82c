// Tile programs as a device: judged by the rule that devices are judged by, dependency probes and second runs included.
import { describe, expect, it } from 'vitest';
import { tilesDevice } from '../../../codegen/schedule/index.js';
import { checkGraph, fewShapes } from '../../../src/checking/index.js';
import { exampleGraph, smallSettings } from '../../support/example-graphs.js';

const devices = [tilesDevice(), tilesDevice({ kind: 'materialised' })];
const names = ['mtaPacked', 'slidingWindow', 'decode', 'sinks', 'diffV1'];

it('is known by the schedule that it runs', () => {
  expect(devices.map(({ name }) => name)).toEqual(['tiles', 'tiles-materialised']);
});

describe.each(names)('%s', (name) => {
  it('is right, leaks nothing and is the same twice', async () => {
    const graph = await exampleGraph(name, smallSettings(name));
    for (const device of devices) {
      const cases = await checkGraph(graph, device, { shapes: fewShapes(graph) });
      expect(cases.flatMap(({ problems }) => problems)).toEqual([]);
    }
  });
});
