/** Progress on standard error: a bar on a terminal, a line a second elsewhere if it is wanted. */
import { createRequire } from 'node:module';
import { printable } from './printable.js';

/** The library of bars, which only terminals need. It asks for Node's modules by a `require`, which joined files lack. */
async function openBars() {
  Object.assign(globalThis, { require: createRequire(import.meta.url) });
  const { Presets, SingleBar } = (await import('cli-progress')).default;
  return (/** @type {import('cli-progress').Options} */ options) =>
    new SingleBar(options, Presets.shades_classic);
}

/**
 * @param {NodeJS.WriteStream} stream
 * @param {boolean} wanted show it even where there is no terminal
 * @param {string} unit what is counted, such as texts
 * @param {number} total bytes of texts, else how many there are; 0 if it is not known
 */
export async function createProgress(stream, wanted, unit, total) {
  const isTerminal = stream.isTTY === true;
  const start = performance.now();
  let [shown, bytes] = [-Infinity, 0];
  const barOf = isTerminal ? await openBars() : null;
  /** @type {{ name: string, bar: import('cli-progress').SingleBar } | null} */
  let current = null;

  /** @param {string} name @param {number} done @param {number} of 0 if it is not known @param {string} words */
  function draw(name, done, of, words) {
    if (barOf && current?.name !== name) {
      current?.bar.stop();
      const format = of ? `${name} {bar} {percentage}% {words}, {eta_formatted} left` : `${name} {words}`;
      const bar = barOf({ format, stream, hideCursor: true, etaBuffer: 50 });
      bar.start(of, done, { words });
      current = { name, bar };
    }
    current?.bar.update(done, { words });
  }

  /** @param {string} line @param {boolean} isLast */
  function tell(line, isLast) {
    const now = performance.now();
    if (!isLast && now - shown < 1000) return;
    shown = now;
    stream.write(`${line}\n`);
  }

  return {
    /** @param {number} more bytes that were read */
    read(more) {
      bytes += more;
    },
    /** @param {{ file: string, loaded: number, total: number }} state */
    loading({ file, loaded, total: size }) {
      if (/\.(?:json|txt)$/.test(file)) return; // those are there at once
      const words = `${(loaded / 1e6).toFixed(1)} of ${(size / 1e6).toFixed(1)} MB`;
      if (isTerminal) draw(printable(file), loaded, size, words);
      else if (wanted) tell(`${printable(file)}: ${words}`, loaded === size);
    },
    /** @param {number} count so far @param {boolean} [isLast] */
    done(count, isLast = false) {
      const words = `${count} ${unit} in ${((performance.now() - start) / 1000).toFixed(1)} s`;
      if (isTerminal) draw(unit, unit === 'texts' ? bytes : count, total, words);
      else if (wanted) tell(words, isLast);
    },
    /** Lets what follows start on a line of its own. */
    close() {
      current?.bar.stop();
      current = null;
    },
  };
}
