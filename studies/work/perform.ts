// Does one piece of work in this process, whichever it is. Modules are loaded when they are first needed.
// Mistakes become results; what nobody foresaw does too, so that the other variants go on.
import { HeddleError } from '../../src/diagnostics/index.js';
import type { Kind, Outcome, RequestOf, Results } from './requests.js';

const performers: { readonly [K in Kind]: (request: RequestOf<K>) => Promise<Results[K]> } = {
  target: async (request) => (await import('./target.js')).makeTarget(request),
  check: async (request) => (await import('./check.js')).checkVariant(request),
  prepare: async (request) => (await import('./time.js')).prepare(request),
  sample: async (request) => (await import('./time.js')).sample(request),
  release: async () => (await import('./time.js')).release(),
};

/** Whether a diagnostic is about the machine, where another run may end otherwise: a device that is lost, late or full. */
const isPassing = (code: string): boolean => /^HD(4025|4027|6801|6804|6805|6806)$/.test(code);

export async function perform<K extends Kind>(request: RequestOf<K>): Promise<Outcome<K>> {
  const performer: (request: RequestOf<K>) => Promise<Results[K]> = performers[request.kind as K];
  try {
    return { result: await performer(request) };
  } catch (error) {
    if (!(error instanceof HeddleError)) {
      const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      return { failure: { message: `internal error: ${message}` }, lasting: false };
    }
    const code = error.diagnostics[0]?.code ?? '';
    const message = error.diagnostics.map((each) => each.message).join('; ');
    return { failure: { code, message }, lasting: !isPassing(code) };
  }
}
