/** Progress on standard error: one line that is written over on a terminal, a line a second elsewhere. */
import { printable } from './printable.js';

/**
 * @param {NodeJS.WriteStream} stream
 * @param {boolean} wanted show it even where there is no terminal
 */
export function createProgress(stream, wanted) {
  const isTerminal = stream.isTTY === true;
  const interval = isTerminal ? 100 : 1000;
  const start = performance.now();
  let shown = -Infinity;
  let isOpen = false;

  /** @param {() => string} message @param {boolean} [isLast] */
  function show(message, isLast = false) {
    if (!isTerminal && !wanted) return;
    const now = performance.now();
    if (!isLast && now - shown < interval) return;
    shown = now;
    stream.write(isTerminal ? `\r\x1b[K${message()}` : `${message()}\n`);
    isOpen = isTerminal;
  }

  return {
    /** @param {{ file: string, loaded: number, total: number }} state */
    loading({ file, loaded, total }) {
      show(
        () => `${printable(file)}: ${(loaded / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`,
        loaded === total,
      );
    },
    /** @param {number} count texts so far @param {boolean} [isLast] */
    texts(count, isLast) {
      const seconds = (performance.now() - start) / 1000;
      show(() => `${count} texts in ${seconds.toFixed(1)} s`, isLast);
    },
    /** Lets what follows start on a line of its own. */
    close() {
      if (isOpen) stream.write('\n');
      isOpen = false;
    },
  };
}
