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
