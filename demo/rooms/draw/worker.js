/** The five networks in a thread of their own: one question at a time, the page keeps the newest. */
import { load } from '../../../web/index.js';
import { readDrawing } from './reading.js';

/** What a worker knows; the types of a page do not. @type {any} */
const thread = globalThis;

/** @type {Map<string, Promise<import('../../../bindings/tasks/encoder.js').Encoder>>} */
const networks = new Map();

/** @param {Record<string, string>} files the addresses of a model's files by their names */
async function open(files) {
  const entries = Object.entries(files).map(async ([name, address]) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${name} of a network could not be fetched: ${answer.status}`);
    return /** @type {const} */ ([name, await answer.blob()]);
  });
  return load(new Map(await Promise.all(entries)));
}

thread.onmessage = async (/** @type {{ data: any }} */ { data: { id, models, asked } }) => {
  try {
    if (models) {
      for (const [kind, files] of Object.entries(models)) networks.set(kind, open(files));
      await Promise.all(networks.values());
      return thread.postMessage({ id, answer: true });
    }
    /** @type {Record<string, import('./reading.js').Answers>} */
    const answer = {};
    for (const [kind, network] of networks) answer[kind] = await readDrawing(await network, asked);
    thread.postMessage({ id, answer });
  } catch (error) {
    thread.postMessage({ id, fault: /** @type {Error} */ (error)?.message ?? String(error) });
  }
};
