// Checks a variant on a device: forward as `heddle check` does, with the dependency probe; its gradients by the same rule of errors.
// Shapes are the awkward ones and those of the study that are small.
import { checkOnDevice } from '../../driver/check.js';
import { openDevice } from '../../driver/devices.js';
import { wholeGradient } from '../../driver/gradients.js';
import { awkwardShapes, type CheckShape, type Device, judgeOutput, randomInputs } from '../../src/checking/index.js';
import { HeddleError } from '../../src/diagnostics/index.js';
import { interpret } from '../../src/interpreter/index.js';
import type { Graph } from '../../src/ir/index.js';
import { fromJson } from '../../src/ir/json/index.js';
import type { VariantCheck } from '../record/study.js';
import { callShape } from './call-shape.js';
import type { CheckRequest } from './requests.js';

const devices = new Map<string, Promise<Device>>();

/** The device, opened once in a process. */
export function deviceOf(name: string): Promise<Device> {
  const known = devices.get(name) ?? openDevice(name);
  devices.set(name, known);
  return known;
}

export async function checkVariant(request: CheckRequest): Promise<VariantCheck> {
  const device = await deviceOf(request.device);
  const graph = fromJson(request.graph);
  return request.pass === 'forward' ? checkForward(graph, device, request) : checkBackward(graph, device, request);
}

async function checkForward(graph: Graph, device: Device, { shapes, seed, pass }: CheckRequest): Promise<VariantCheck> {
  const reports = [await checkOnDevice(graph, device, { seed })];
  if (shapes.length > 0) {
    const asked = shapes.map((shape) => callShape(graph, shape));
    reports.push(await checkOnDevice(graph, device, { seed, shapes: asked }));
  }
  const cases = reports.flatMap((report) => report.cases);
  const failed = cases.filter(({ passed }) => !passed);
  // Sums that cancel at the ends of what a type holds have bounds to match: they are held to them, and say nothing of an error.
  const ordinary = cases.filter(({ draw }) => draw === 'random');
  const share = ({ error, bound }: { error: number; bound: number }): number => (error === 0 ? 0 : error / bound);
  const shown = failed.length > 0 ? failed : ordinary;
  const worst = shown.reduce((one, other) => (share(other) > share(one) ? other : one));
  const problems = cases.flatMap((each) => each.problems);
  return {
    device: device.name,
    pass,
    passed: failed.length === 0,
    error: finite(worst.error),
    bound: finite(worst.bound),
    cases: cases.length,
    probes: reports.reduce((sum, { probes }) => sum + probes, 0),
    problems: [...new Set(problems)],
  };
}

/** Shapes at which gradients are checked: fewer than forward, as gradients of the interpreter take many times as long. */
const GRADIENT_SHAPES = 4;

async function checkBackward(spec: Graph, device: Device, { pass, seed }: CheckRequest): Promise<VariantCheck> {
  const graph = wholeGradient(spec);
  const problems: string[] = [];
  let worst = { error: 0, bound: 0 };
  const shapes: readonly CheckShape[] = awkwardShapes(spec).slice(0, GRADIENT_SHAPES);
  for (const [n, shape] of shapes.entries()) {
    const inputs = randomInputs(graph, shape, seed + n, device.precision);
    const { rows } = shape;
    try {
      const out = await device.run(graph, inputs, { rows });
      for (const [name, gold] of interpret(graph, inputs, { rows })) {
        const actual = out.get(name);
        if (actual === undefined) {
          problems.push(`${name} is missing`);
          continue;
        }
        const judgement = judgeOutput(graph, device.precision, { inputs, rows }, name, { out: actual, gold });
        if (!judgement.passed) problems.push(`${name}: ${judgement.reason ?? 'wrong'}`);
        if (judgement.error * worst.bound >= worst.error * judgement.bound) worst = judgement;
      }
    } catch (error) {
      if (!(error instanceof HeddleError)) throw error;
      problems.push(...error.diagnostics.map(({ code, message }) => `${code}: ${message}`));
    }
  }
  const { error, bound } = worst;
  return {
    device: device.name,
    pass,
    passed: problems.length === 0,
    error: finite(error),
    bound: finite(bound),
    cases: shapes.length,
    probes: 0,
    problems,
  };
}

/** JSON has no Infinity: what cannot be compared is as far off as a number says. */
const finite = (value: number): number => (Number.isFinite(value) ? value : Number.MAX_VALUE);
