// The face of what runs emitted CUDA files: the emulation on the host.
export { emulatorAvailability, type RunSizes, runCuda } from './emulator.js';
