/** What a worker of Node speaks with its program through. */
import * as threads from 'node:worker_threads';

/** @returns {import('./workers/handles.js').ParentPort} */
export function parentPort() {
  const port = /** @type {threads.MessagePort} */ (threads.parentPort);
  return {
    post: (message, transfer = []) => port.postMessage(message, /** @type {any} */ (transfer)),
    listen: (hear) => port.on('message', hear),
  };
}
