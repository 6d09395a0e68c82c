// Validation of a module and its pipelines: everything a device would say before the first dispatch.
// On Dawn's null backend this is the whole front end of its compiler, with just the features and limits asked for.
// @ts-check

import { problemOf } from '../../../shared/device/problems.js';
import { compileModule, createPipeline } from './modules.js';

/**
 * @typedef {object} ValidationRequest
 * @property {string} wgsl
 * @property {readonly import('./modules.js').PipelineRequest[]} pipelines
 * @property {readonly GPUFeatureName[]} features
 * @property {Readonly<Record<string, number>>} limits
 */

/** @param {GPU} gpu */
export function validator(gpu) {
  /** @type {Map<string, Promise<GPUDevice>>} */
  const devices = new Map();

  /** @param {ValidationRequest} request */
  const deviceFor = ({ features, limits }) => {
    const key = JSON.stringify([[...features].sort(), Object.entries(limits).sort()]);
    let device = devices.get(key);
    if (device === undefined) {
      device = requestDevice(gpu, features, limits);
      devices.set(key, device);
      const forget = () => devices.delete(key);
      device.then(({ lost }) => lost.then(forget), forget);
    }
    return device;
  };

  /**
   * @param {ValidationRequest} request
   * @returns {Promise<(import('../../../shared/device/problems.js').Problem & { entryPoint?: string })[]>}
   */
  return async (request) => {
    /** @type {GPUDevice} */
    let device;
    try {
      device = await deviceFor(request);
    } catch (error) {
      return [problemOf('job', error)];
    }
    /** @type {GPUShaderModule} */
    let module;
    try {
      module = await compileModule(device, request.wgsl);
    } catch (error) {
      return [problemOf('wgsl', error)];
    }
    const problems = [];
    for (const each of request.pipelines) {
      try {
        await createPipeline(device, module, each);
      } catch (error) {
        problems.push({ ...problemOf('pipeline', error), entryPoint: each.entryPoint });
      }
    }
    return problems;
  };
}

/**
 * @param {GPU} gpu
 * @param {readonly GPUFeatureName[]} requiredFeatures
 * @param {Readonly<Record<string, number>>} requiredLimits
 */
async function requestDevice(gpu, requiredFeatures, requiredLimits) {
  const adapter = await gpu.requestAdapter();
  if (!adapter) throw new Error('the null backend answers with no adapter');
  return adapter.requestDevice({ requiredFeatures: [...requiredFeatures], requiredLimits });
}
