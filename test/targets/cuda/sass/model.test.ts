// The pipe model on figures that can be worked out by hand, and on FlashAttention's, which it is scaled by.
import { expect, test } from 'vitest';
import { peerRate, scaleOf } from '../../../../targets/cuda/sass/call.js';
import { modelledDevices } from '../../../../targets/cuda/sass/devices.js';
import { blocksAtOnce, callClocks, longestFirst, stepTime } from '../../../../targets/cuda/sass/model.js';
import { peers, published, usefulOf } from '../../../../targets/cuda/sass/peers.js';

const { h200, a100 } = modelledDevices;
const needs = { computing: 8, warps: 12, registers: 168, sharedBytes: 164864 };

test('registers, shared memory and threads limit the blocks of a multiprocessor', () => {
  expect(blocksAtOnce(needs, h200)).toBe(1);
  expect(blocksAtOnce({ computing: 4, warps: 4, registers: 255, sharedBytes: 65536 }, h200)).toBe(2);
  expect(blocksAtOnce({ computing: 4, warps: 4, registers: 128, sharedBytes: 65536 }, h200)).toBe(3);
  expect(blocksAtOnce({ computing: 1, warps: 1, registers: 32, sharedBytes: 0 }, h200)).toBe(32);
  expect(blocksAtOnce({ computing: 8, warps: 8, registers: 32, sharedBytes: 0 }, a100)).toBe(8);
});

test('a step takes what is busy longest, or the tensor cores and then the longest of the others', () => {
  const { step } = peers.find(({ architecture, headDim }) => architecture === 'sm_90a' && headDim === 128)!;
  // Two warps to a scheduler: 2 · 455 slots, 2 · 66 · 8 clocks of exponentials; 8 · 524288 multiply-adds at 2048 a clock.
  const time = stepTime(step, needs, h200);
  expect(time.busy).toEqual({ issue: 910, FMA: 400, ALU: 448, MUFU: 1056, tensor: 2048, shared: 1280 });
  expect(time).toMatchObject({ bound: 'tensor', overlapped: 2048, inTurn: 2048 + 1056 });
});

test('blocks start where one before them ends first', () => {
  const device = { ...h200, multiprocessors: 2 };
  const clocks = (...steps: number[]) => callClocks({ steps, outside: 0 }, 10, needs, device);
  expect(clocks(4, 3, 2, 1)).toBe(50);
  expect(clocks(1, 2, 3, 4)).toBe(60);
  expect(clocks()).toBe(0);
  // 100 slots of each of two warps of a scheduler.
  expect(callClocks({ steps: [1], outside: 100 }, 10, needs, device)).toBe(210);
});

test('heads go together, the longest blocks of all of them first', () => {
  expect(longestFirst([3, 1], 3, 2)).toEqual([3, 3, 1, 1, 3, 1]);
});

test('what is published is what the scaled model gives its own kernel', () => {
  for (const form of ['wgmma', 'mma.sync'] as const) {
    const { peer, teraflops, keys, heads } = published[form];
    const scale = scaleOf(form, h200);
    const rate = peerRate(peer, keys, heads, h200);
    expect(rate.overlapped * scale.overlapped).toBeCloseTo(teraflops);
    expect(rate.inTurn * scale.inTurn).toBeCloseTo(teraflops);
    // The model leaves out latencies: alone it is too fast, and by less where nothing overlaps.
    expect(scale.overlapped).toBeLessThan(scale.inTurn);
  }
});

test('the products of FlashAttention are those of plain attention and no others, and its classes are all of its instructions', () => {
  for (const peer of peers) {
    const { warpgroup, warp } = peer.step.multiplyAdds;
    const { rows, columns } = peer.tile;
    expect((warpgroup + warp) * peer.needs.computing, peer.name).toBe(usefulOf(peer) * rows * columns);
    const counted = Object.values(peer.step.classes).reduce((sum, each) => sum + each, 0);
    expect(counted, peer.name).toBe(peer.step.instructions);
  }
});
