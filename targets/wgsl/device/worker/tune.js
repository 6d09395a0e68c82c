// Has a launcher time its alternatives on the worker's device: the same text, on the same calls, as an application would.
// Instances are kept, as their pipelines take long to build.
// @ts-check
import { ProblemError } from '../../../shared/device/problems.js';

/**
 * @typedef {object} TuneRequest
 * @property {string} launcher The text of the launcher's module.
 * @property {string} factory What it exports to make an instance.
 * @property {object} call The sizes of a call.
 * @property {number} milliseconds How long the timing of it may take.
 */

/** @typedef {{ tune: (calls: readonly object[], options: { milliseconds: number }) => Promise<object> }} Instance */

/** @param {GPUDevice} device */
export function tuner(device) {
  /** @type {Map<string, Promise<Instance>>} */
  const instances = new Map();

  /** @param {TuneRequest} request @returns {Promise<Instance>} */
  const instanceOf = async ({ launcher, factory }) => {
    const module = await import(`data:text/javascript,${encodeURIComponent(launcher)}`);
    return module[factory](device);
  };

  /** @param {TuneRequest} request */
  return async (request) => {
    const known = instances.get(request.launcher) ?? instanceOf(request);
    instances.set(request.launcher, known);
    const { call, milliseconds } = request;
    try {
      return await (await known).tune([call], { milliseconds });
    } catch (error) {
      // Its own words say what is wrong: sizes that are impossible, and what the device has not.
      throw new ProblemError({ kind: 'job', text: /** @type {Error} */ (error).message });
    }
  };
}
