// How fast a target does what programs are made of, in units of its plain arithmetic: products and stencils that matrix
// units take cost less, a byte and a launch cost as much as what could be computed meanwhile.

import type { Kernel } from '../../tile/program.js';
import type { Buffer } from '../../tile/types.js';

/** The units of a device that operations run on; and those that read a product's operands from where a block has them. */
export type WorkUnit = 'product' | 'stencil' | 'plain' | 'operand';

export interface Rates {
  /** Operations of each unit that take as long as one of plain arithmetic in float32. */
  readonly operations: Readonly<Record<WorkUnit, number>>;
  /** Plain operations that a device does while it moves a byte between caches and registers. */
  readonly perByte: number;
  /** Plain operations that a device could do while it starts a kernel. */
  readonly perLaunch: number;
  /** Bytes of an entry of a buffer, as it is stored. */
  readonly bytesOf: (buffer: Buffer) => number;
  /** The part that a block of a kernel keeps busy of what could run it alone, as a block of few threads does; all of it unless told. */
  readonly partOf?: ((kernel: Kernel) => number) | undefined;
}

/** Bytes of an entry where all numbers have 32 bits. */
export const fourBytes: Rates['bytesOf'] = () => 4;

/**
 * A device without matrix units: 8 to 20 operations a byte on those that we know, and ten microseconds a launch at ten
 * tera-operations a second.
 */
export const plainRates: Rates = {
  operations: { product: 1, stencil: 1, plain: 1, operand: Number.POSITIVE_INFINITY },
  perByte: 16,
  perLaunch: 1e8,
  bytesOf: fourBytes,
};
