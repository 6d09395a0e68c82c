// What the benchmark measures crosses to other processes and to browsers as JSON: nothing of it is lost on the way.
import { describe, expect, it } from 'vitest';
import { compileWorkload } from '../../bench/compile.js';
import { inputsOf, type PackedWorkload, type Workload, workloadNames } from '../../bench/workloads.js';
import { fromJson, print } from '../../src/ir/index.js';

const named = (name: string) => workloadNames.find((each) => each.name === name)!;

function unpacked(packed: PackedWorkload): Workload {
  const { computed, ...rest } = JSON.parse(JSON.stringify(packed)) as PackedWorkload;
  return { ...rest, computed: fromJson(computed) };
}

describe('a compiled workload', () => {
  it('has the launchers that say something about it, each where it was put', async () => {
    const placed = new Map<string, string>();
    const place = (name: string, text: string): string => {
      placed.set(name, text);
      return `./${name}`;
    };
    const packed = await compileWorkload(named('plain-decode-64'), { dtype: 'f16', place });
    const { launchers, history, heads } = unpacked(packed);
    expect({ history, heads }).toEqual({ history: 0, heads: 8 });
    expect(Object.keys(launchers)).toEqual(['chosen', 'materialised']);
    const [chosen] = launchers.chosen!;
    expect(chosen!.module).toBe('./plain-decode-64-f16-chosen.js');
    expect(placed.get('plain-decode-64-f16-chosen.js')).toContain(`export async function ${chosen!.factory}(`);
  });

  it('of gradients keeps its graph, and gets the same inputs from it', async () => {
    const packed = await compileWorkload(named('gradient'), { dtype: 'f32', kinds: [] });
    const workload = unpacked(packed);
    expect(print(workload.computed)).toBe(print(fromJson(packed.computed)));
    expect([...inputsOf(workload, 4).keys()]).toEqual(['q', 'k', 'v', 'theta_pre', 'grad_out']);
    expect(workload.computed.outputs.map(({ name }) => name)).toEqual(['grad_q', 'grad_k', 'grad_v', 'grad_theta_pre']);
  });
});
