/** What a worker speaks with its page through. Apart from how one is started, so that no worker's program holds its own address. */

import { isNode, threads } from './node.js';

/** @typedef {import('./workers/handles.js').ParentPort} ParentPort */

/** @returns {ParentPort} */
export const parentPort = () => (isNode ? portOfThread() : portOfPage());

/** @returns {ParentPort} */
function portOfThread() {
  const port = /** @type {import('node:worker_threads').MessagePort} */ (threads().parentPort);
  return {
    post: (message, transfer = []) => port.postMessage(message, /** @type {any} */ (transfer)),
    listen: (hear) => port.on('message', hear),
  };
}

/** @returns {ParentPort} */
function portOfPage() {
  const scope = /** @type {any} */ (globalThis);
  return {
    post: (message, transfer = []) => scope.postMessage(message, transfer),
    listen: (hear) =>
      scope.addEventListener('message', (/** @type {MessageEvent} */ { data }) => {
        if (!data.lock) return hear(data);
        // Pages that are not secure have no locks.
        navigator.locks?.request(data.lock, () => {
          scope.postMessage({ isLocked: true });
          return new Promise(() => {});
        });
      }),
  };
}
