/** Starting a worker, in pages and in workers of theirs. Not here: what it does (workers/serve.js), and what it is told. */
import { UnsupportedError } from '../bindings/errors.js';

/** @returns {import('./workers/handles.js').WorkerHandle} */
export function startWorker() {
  if (typeof Worker === 'undefined')
    throw new UnsupportedError('there are no workers here; load without "worker"');
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  const lock = `wasmformer ${Date.now()} ${Math.random()}`;
  /** @type {(reason: string) => void} */
  let tell = () => {};
  worker.addEventListener('error', ({ message }) =>
    tell(message || 'its program could not be fetched or run'),
  );
  worker.addEventListener('messageerror', () => tell('a message of its could not be read'));
  worker.postMessage({ lock });
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    listen: (hear) =>
      worker.addEventListener('message', ({ data }) => {
        if (!data.isLocked) return hear(data);
        // A worker that ends says nothing, but lets go of its locks.
        navigator.locks.request(lock, () => tell('it was ended'));
      }),
    onEnd: (end) => {
      tell = end;
    },
    end: () => {
      tell = () => {};
      worker.terminate();
    },
    hold: () => {},
  };
}
