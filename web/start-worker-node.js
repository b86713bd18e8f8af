/** Starting a worker, in Node, Deno and Bun. Not here: what it does (workers/serve.js), and what it is told. */
import * as threads from 'node:worker_threads';

/** @returns {import('./workers/handles.js').WorkerHandle} */
export function startWorker() {
  // Without the program's own flags: some, such as --input-type, are for its first file alone.
  const worker = new threads.Worker(new URL('./worker-node.js', import.meta.url), { execArgv: [] });
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
