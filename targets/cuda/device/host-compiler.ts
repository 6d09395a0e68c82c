// The compiler of the host that makes emitted files run on the emulation, and what it is told.
// Its flags are chosen for short compiles: kernels run for a fraction of a second there.
// Devices build with it what they run, and the tests what they look into.
import { fileURLToPath } from 'node:url';

/** The folder of the emulation's headers. */
export const emulation = fileURLToPath(new URL('../emulation/', import.meta.url));

export const compiler = (): string => process.env['CXX'] ?? 'g++';

/**
 * A program runs for a fraction of a second and is compiled for several: -Og takes half as long as -O1, and what it makes runs
 * for less than twice as long.
 */
export const compilerFlags = ['-std=c++17', '-Og', '-w', '-fno-strict-aliasing'] as const;
