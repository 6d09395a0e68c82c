// The counts of a kernel as text for people: what it takes, a table of its steady-state loop by class beside FlashAttention's, and
// the time of the pipe model. Counts of others are scaled to the same useful work of a warp, and classes that nobody has left out.
import type { LaunchSizes } from '../../../codegen/tile/interpreter/memory.js';
import { callTime, type Range } from './call.js';
import { instructionClasses } from './classes.js';
import type { AssembledKernel, LoopCounts } from './counts.js';
import { deviceFor, type ModelledDevice } from './devices.js';
import { blocksAtOnce, busyParts, type StepTime, stepTime } from './model.js';
import { type Peer, peerFor, peerSource, published, usefulOf } from './peers.js';

type CountedLoop = NonNullable<AssembledKernel['counts']['loop']>;

/** A kernel's report. @param sizes of the call that the model times */
export function countsText(assembled: AssembledKernel, architecture: string, sizes: LaunchSizes): string {
  const { counts, resources, sharedBytes } = assembled;
  const { name, computing, warps, products, whole, loop } = counts;
  const device = deviceFor(architecture);
  const needs = { computing, warps, registers: resources.registers, sharedBytes };
  const atOnce = blocksAtOnce(needs, device);
  const head = [
    `${name} on ${architecture}: ${products}, ${computing} of ${warps} warps compute`,
    `  ${resources.registers} registers, ${resources.spills} bytes spilled, ${sharedBytes} bytes of shared memory, ${atOnce} ${atOnce === 1 ? 'block' : 'blocks'} a multiprocessor of ${device.name}; ${whole} instructions in all`,
  ];
  if (!loop) return [...head, '  no loop with products on tensor cores'].join('\n');
  const { work, steps, innerLoops } = loop;
  const inside = innerLoops === 0 ? '' : `; ${innerLoops} loops inside count one turn`;
  const time = stepTime(loop.step, needs, device);
  const peer = peerFor(architecture, work.useful / (2 * work.rows * work.columns));
  return [
    ...head,
    `  a step is ${work.rows} × ${work.columns} scores; a turn of the loop is ${steps} ${steps === 1 ? 'step' : 'steps'}${inside}; ${loop.outside} instructions of a warp beside it`,
    '',
    ...tableOf(loop, computing, peer),
    '',
    ...modelText(time, device),
    ...callText(assembled, device, sizes, peer),
  ].join('\n');
}

/** The classes of a step, in columns; of FlashAttention for as much useful work. */
function tableOf({ step, work, slotsPerUseful }: CountedLoop, computing: number, peer: Peer | undefined): string[] {
  const scale = peer
    ? (work.useful / computing) * (peer.needs.computing / (usefulOf(peer) * peer.tile.rows * peer.tile.columns))
    : 0;
  const row = (name: string, own: string, other: string): string =>
    `  ${name.padEnd(24)}${own.padStart(8)}${peer ? other.padStart(10) : ''}`;
  const shown = (count: number): string => (Number.isInteger(count) ? String(count) : count.toFixed(1));
  const rows = instructionClasses.flatMap((each) => {
    const [own, other] = [step.classes[each], (peer?.step.classes[each] ?? 0) * scale];
    return own === 0 && other === 0 ? [] : [row(each, shown(own), shown(other))];
  });
  const all = (peer?.step.instructions ?? 0) * scale;
  const ofPeer = peer ? (1000 * all * computing) / (2 * work.useful) : 0;
  return [
    row('of a warp and step', 'own', peer ? peer.name.replace('FlashAttention ', 'FA') : ''),
    ...rows,
    row('all', shown(step.instructions), shown(all)),
    row('slots per 1000 FLOP', slotsPerUseful.toFixed(3), ofPeer.toFixed(3)),
    ...(peer
      ? [`  ${(slotsPerUseful / ofPeer).toFixed(2)} times the issue slots of ${peer.name} for the same useful work`]
      : []),
  ];
}

function modelText({ busy, bound, overlapped, inTurn }: StepTime, { name }: ModelledDevice): string[] {
  const parts = busyParts.map((each) => `${each} ${Math.round(busy[each])}`).join(', ');
  return [
    `  clocks of a step of all blocks of a multiprocessor of ${name}: ${parts}`,
    `  bound by ${bound}: ${Math.round(overlapped)} where all overlaps, ${Math.round(inTurn)} where nothing does`,
  ];
}

function callText(
  { counts, resources, sharedBytes }: AssembledKernel,
  device: ModelledDevice,
  sizes: LaunchSizes,
  peer: Peer | undefined,
): string[] {
  const { computing, warps } = counts;
  const needs = { computing, warps, registers: resources.registers, sharedBytes };
  const time = callTime(counts, needs, device, sizes);
  if (!time) return [];
  const { blocks, waves, longest, mean, milliseconds, teraflops } = time;
  const form = (counts.loop as LoopCounts).step.multiplyAdds.warpgroup > 0 ? 'wgmma' : 'mma.sync';
  const range = ({ overlapped, inTurn }: Range, digits: number): string =>
    [overlapped, inTurn]
      .sort((one, other) => one - other)
      .map((each) => each.toFixed(digits))
      .join(' to ');
  return [
    `  batch ${sizes.batch}, ${sizes.queries} queries, ${sizes.keys} keys: ${blocks} blocks in ${waves.toFixed(1)} waves, the longest of ${longest} steps, ${mean.toFixed(1)} on average`,
    `  ${range(milliseconds, 3)} ms by the model alone; ${range(teraflops, 0)} TFLOP/s, scaled as ${published[form].teraflops} are of ${published[form].source}`,
    ...(peer
      ? [
          `  counted by the same rules: ${peerSource.repository} at ${peerSource.commit.slice(0, 7)}, nvcc ${peerSource.nvcc}`,
        ]
      : []),
  ];
}
