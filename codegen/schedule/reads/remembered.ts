// Functions that look at each thing once: nodes, programs and statements never change, and are asked about many times.
// What is known of a thing goes with it.

/** As `compute`, which is called once for each argument. It may ask for other arguments meanwhile, and not for its own. */
export function remembered<Argument extends object, Value>(
  compute: (argument: Argument) => Value,
): (argument: Argument) => Value {
  const known = new WeakMap<Argument, { readonly value: Value }>();
  return (argument) => {
    const found = known.get(argument) ?? { value: compute(argument) };
    known.set(argument, found);
    return found.value;
  };
}
