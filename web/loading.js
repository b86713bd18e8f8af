/**
 * One load of a source: what was asked for and is not read is let go at its end, and where the cache turns out to have held
 * something broken, it is loaded once more without that.
 */
import { AbortError } from '../bindings/errors.js';
import { openSource } from './source.js';

/** @typedef {(source: any, options: any) => ReturnType<typeof openSource>} OpenSource */

/**
 * @template T
 * @param {(open: OpenSource) => Promise<T>} load
 * @returns {Promise<T>}
 */
export async function loadWith(load) {
  /** @type {string[] | null} */
  let broken = null;
  for (;;) {
    /** @type {Awaited<ReturnType<OpenSource>>[]} */
    const opened = [];
    try {
      return await load(async (source, options) => {
        const found = await openSource(source, { ...options, distrusted: broken ?? [] });
        opened.push(found);
        return found;
      });
    } catch (error) {
      if (broken || error instanceof AbortError) throw error;
      const found = await Promise.all(opened.map((source) => source.findBroken?.(error) ?? null));
      if (found.every((one) => one === null)) throw error;
      broken = found.flatMap((one) => one ?? []);
    } finally {
      for (const source of opened) source.close?.();
    }
  }
}
