/** What a worker speaks with its page through. Apart from how one is started, so that no worker's program holds its own address. */

/** @returns {import('./workers/handles.js').ParentPort} */
export function parentPort() {
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
