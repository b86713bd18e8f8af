/** Workers in `wasmformer/inline`: their program is a file of its own, which a single file does not have. */
import { UnsupportedError } from '../bindings/errors.js';

export const hasWorkers = false;

/** @returns {import('./workers/handles.js').WorkerHandle} */
export function startWorker() {
  throw new UnsupportedError(
    'wasmformer/inline starts no workers: import "wasmformer" instead, or load in a worker of your own',
    { path: 'worker' },
  );
}
