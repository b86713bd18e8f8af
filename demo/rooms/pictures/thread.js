/** The page's end of the thread (worker.js). Of questions of one kind only the newest waits: a hand that moves asks faster than a network answers. */
import address from 'worker:demo/rooms/pictures/worker.js';

/**
 * @typedef {{ modelType: string, hasWords: boolean, hasClasses: boolean }} Network
 * @typedef {{ left: number, top: number, width: number, height: number }} Part of a picture, as shares of its sides
 */

/** An error that the thread has told; `code` as of the library's errors. */
class Told extends Error {
  /** @param {{ code?: string, message: string }} fault */
  constructor({ code, message }) {
    super(message);
    this.code = code;
  }
}

export function startThread() {
  const worker = new Worker(address, { type: 'module' });
  /** @type {Map<number, { resolve: (answer: any) => void, reject: (error: Error) => void }>} */
  const open = new Map();
  /** @type {Map<string, { running: boolean, next: (() => void) | null }>} */
  const lines = new Map();
  let count = 0;
  /** @type {(progress: { all: { loaded: number, total: number } }) => void} */
  let onProgress = () => {};

  worker.onmessage = ({ data: { id, progress, answer, fault } }) => {
    if (progress) return onProgress(progress);
    const asked = open.get(id);
    open.delete(id);
    if (fault) asked?.reject(new Told(fault));
    else asked?.resolve(answer);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    // What throws has a message; a thread whose program could not be fetched has none.
    const fault = event.message
      ? { message: event.message }
      : { code: 'ERR_NETWORK', message: 'the thread’s program' };
    for (const { reject } of open.values()) reject(new Told(fault));
    open.clear();
  };

  /** @param {string} act @param {Record<string, unknown>} asked @returns {Promise<any>} */
  const ask = (act, asked) =>
    new Promise((resolve, reject) => {
      open.set(++count, { resolve, reject });
      worker.postMessage({ id: count, act, ...asked });
    });

  /**
   * Null if a newer question of the same kind came before this one was asked.
   * @param {string} act @param {Record<string, unknown>} asked @returns {Promise<any>}
   */
  function newest(act, asked) {
    const line = lines.get(act) ?? { running: false, next: null };
    lines.set(act, line);
    return new Promise((resolve, reject) => {
      const go = () => {
        line.running = true;
        ask(act, asked)
          .then(resolve, reject)
          .finally(() => {
            line.running = false;
            const { next } = line;
            line.next = null;
            next?.();
          });
      };
      if (!line.running) return go();
      dropped.get(line)?.(null);
      dropped.set(line, resolve);
      line.next = go;
    });
  }
  /** @type {Map<object, (answer: null) => void>} */
  const dropped = new Map();

  return {
    /** @param {unknown} source @param {typeof onProgress} progress @returns {Promise<Network>} */
    open(source, progress) {
      onProgress = progress;
      return ask('open', { source });
    },
    /** @param {unknown} file @param {{ width: number, height: number }} size @returns {Promise<{ facts: import('./reading.js').Facts, part: Part }>} */
    read: (file, size) => ask('read', { file, size }),
    /** @param {string[] | null} labels @returns {Promise<{ label: string, score: number }[] | null>} */
    classify: (labels) => newest('classify', { labels }),
    /** The picture that was read last. @param {string} name @param {import('./reading.js').Facts} facts @returns {import('./baked.js').Source} */
    source: (name, facts) => ({
      ...{ name, facts, isBaked: false },
      like: (row, column) => newest('like', { row, column }),
      heads: (row, column) => newest('heads', { row, column }),
      look: (layer, head) => newest('look', { layer, head }),
      colours: (layer) => newest('colours', { layer }),
    }),
    end: () => {
      worker.terminate();
      for (const { reject } of open.values()) reject(new Told({ code: 'ERR_ABORTED', message: 'ended' }));
      open.clear();
    },
  };
}
