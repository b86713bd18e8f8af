/**
 * The network in a thread of its own, with the picture that it has read: 177 MB of maps stay here, and the page gets what it asks for.
 * Each message has an `id`, which its answer carries back.
 */
import { load } from '../../../web/index.js';
import { readPicture, seenPart } from './reading.js';

/** What a worker knows; the types of a page do not. @type {any} */
const thread = globalThis;

/** @type {import('../../../bindings/tasks/encoder.js').Encoder | undefined} */
let encoder;
/** @type {import('./reading.js').Reading | undefined} */
let reading;
/** @type {Blob | undefined} */
let picture;

/** @type {Record<string, (asked: any) => unknown>} */
const ACTS = {
  async open({ source }) {
    encoder = await load(source, { progress: (progress) => thread.postMessage({ progress }) });
    const { modelType } = encoder;
    const has = (/** @type {string} */ task) => encoder?.tasks.includes(task) ?? false;
    return {
      modelType,
      hasWords: has('zero-shot-image-classification'),
      hasClasses: has('image-classification'),
    };
  },
  async read({ file, size }) {
    if (!encoder) throw new Error('no network is open');
    reading = undefined; // so that two are never held
    reading = await readPicture(encoder, file);
    picture = file;
    return { facts: reading.facts, part: await seenPart(encoder, size) };
  },
  like: ({ row, column }) => reading?.like(row, column),
  heads: ({ row, column }) => (reading?.facts.heads ? reading.heads(row, column) : null),
  look: ({ layer, head }) => (reading?.facts.heads ? reading.look(layer, head) : null),
  colours: ({ layer }) => reading?.colours(layer),
  classify: ({ labels }) => picture && encoder?.classify(picture, labels ? { labels } : { topK: 5 }),
};

/** One after another: a network answers one question at a time. */
let last = Promise.resolve();

thread.onmessage = (/** @type {{ data: any }} */ { data }) => {
  last = last.then(async () => {
    const { id, act, ...asked } = data;
    try {
      thread.postMessage({ id, answer: await ACTS[act](asked) });
    } catch (error) {
      const { code, message = String(error) } = /** @type {{ code?: string, message?: string }} */ (
        error ?? {}
      );
      thread.postMessage({ id, fault: { code, message } });
    }
  });
};
