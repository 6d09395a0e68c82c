// What a launcher tells the driver of a tensor whose boxes a kernel copies: sizes and strides, the innermost axis first, and
// the shape of a box. One axis of the tensor is one of the map's, so that rows outside of any batch entry or head read as 0.
import { sizeOfAxis } from '../shared/sizes.js';
import type { LineWriter } from '../shared/text/expressions.js';
import { type BoundBuffer, bytesOf } from './buffers.js';
import type { EmittedKernel } from './emit-kernel.js';

export function mapText(lines: LineWriter, { name, view }: EmittedKernel['maps'][number], bound: BoundBuffer): void {
  const { axes } = bound.buffer;
  const bytes = bytesOf[bound.element];
  const sizes = axes.map((axis) => `static_cast<uint64_t>(${sizeOfAxis(axis)})`).reverse();
  // An axis of one entry may have any stride, and a map takes multiples of sixteen bytes only: nobody steps along it.
  const strides = axes.slice(0, -1).map((axis, n) => {
    if (bound.staticStrides) return String(bound.staticStrides[n]! * bytes);
    const field = `launch.${bound.strideFields[n]}`;
    return `${sizeOfAxis(axis)} > 1 ? static_cast<uint64_t>(${field}) * ${bytes} : 16`;
  });
  const box = axes.map((_, n) => {
    const entry = view.view.place[n]!;
    if (!('along' in entry)) return 1;
    return entry.along === view.minor ? view.swizzle / bytes : view.rows;
  });
  lines.open('{');
  lines.line(`const uint64_t sizes[] = {${sizes.join(', ')}};`);
  lines.line(`const uint64_t strides[] = {${strides.reverse().join(', ')}};`);
  lines.line(`const uint32_t box[] = {${box.reverse().join(', ')}};`);
  lines.line(
    `error = make_map(&maps.${name}, launch.${bound.name}, ${axes.length}, sizes, strides, box, ${view.swizzle});`,
  );
  lines.line('if (error != cudaSuccess) return error;');
  lines.close();
}
