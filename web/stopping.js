/** Signals that many wait for at once. */

/** Who waits for whose signal: one listener is enough for all, and Node warns of many. @type {WeakMap<AbortSignal, Set<() => void>>} */
const waiting = new WeakMap();

/** @param {AbortSignal} signal @param {() => void} act @returns {() => void} takes it back */
export function onAbort(signal, act) {
  const all = waiting.get(signal) ?? new Set();
  if (!waiting.has(signal)) {
    waiting.set(signal, all);
    const tell = () => {
      for (const one of all) one();
    };
    signal.addEventListener('abort', tell, { once: true });
  }
  all.add(act);
  return () => all.delete(act);
}

/**
 * A signal that ends with the caller's, or when what was begun is no longer wanted.
 * @param {AbortSignal} [signal] the caller's
 * @returns {{ signal: AbortSignal, close: () => void }}
 */
export function stopping(signal) {
  const stop = new AbortController();
  const abort = () => stop.abort(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  return {
    signal: stop.signal,
    close() {
      signal?.removeEventListener('abort', abort);
      stop.abort();
    },
  };
}
