// Thrown where a tile program does not fit this target or the limits that are granted; `fit` turns it into a reason.
// Its message is a sentence about the program that people read.

export class Refusal extends Error {}

export function refuse(reason: string): never {
  throw new Refusal(reason);
}
