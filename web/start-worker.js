/** Starting a worker. Not here: what it does (workers/serve.js), and what it is told. */
import { UnsupportedError } from '../bindings/errors.js';
import { besideOf, isNode, threads } from './node.js';

/** @typedef {import('./workers/handles.js').WorkerHandle} WorkerHandle */

/** Whether there can be any. */
export const hasWorkers = true;

/** @returns {WorkerHandle} */
export const startWorker = () => (isNode ? startThread() : startOnPage());

/** In pages and in workers of theirs. @returns {WorkerHandle} */
function startOnPage() {
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

/** In Node, Deno and Bun. @returns {WorkerHandle} */
function startThread() {
  // Not by an address that bundlers see: webpack would take the file along without those that it imports. Without the program's
  // own flags: some, such as --input-type, are for its first file alone.
  const worker = new (threads().Worker)(besideOf(import.meta.url, 'worker.js'), { execArgv: [] });
  return {
    post: (message, transfer = []) => worker.postMessage(message, /** @type {any} */ (transfer)),
    listen: (hear) => worker.on('message', hear),
    onEnd: (end) => {
      worker.on('error', ({ message }) => end(message));
      worker.on('messageerror', () => end('a message of its could not be read'));
      worker.on('exit', (code) => end(`exit code ${code}`));
    },
    end: () => void worker.terminate(),
    // An idle worker does not keep the program running.
    hold: (isBusy) => (isBusy ? worker.ref() : worker.unref()),
  };
}
