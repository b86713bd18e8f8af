/** What a worker does: one encoder, and the calls that its page sends. Not here: which worker gets a call (workers/pool.js). */
import { DisposedError } from '../../bindings/errors.js';
import { assemble } from '../../bindings/loading/assemble.js';
import { loadWith } from '../loading.js';
import * as platform from '../platform.js';
import { startThread } from '../start-thread.js';
import { parentPort } from '../worker-port.js';
import { FACTS, pack, unpack } from './messages.js';

/** @typedef {import('../../bindings/loading/files.js').Source} Source */
/** @typedef {import('../../bindings/tasks/encoder.js').Encoder} Encoder */

const port = parentPort();

/** @type {Encoder | undefined} */
let encoder;
/** Calls that run, to stop them. @type {Map<number, AbortController>} */
const running = new Map();
/** Questions to the page about its files. @type {Map<number, { resolve: (value: any) => void, reject: (error: any) => void }>} */
const asked = new Map();
let questions = 0;

/** @param {any} message @returns {Promise<any>} */
const ask = (message) =>
  new Promise((resolve, reject) => {
    asked.set(++questions, { resolve, reject });
    port.post({ ...message, question: questions });
  });

/** Answers the page from now on. */
export const serve = () => port.listen(hear);

/** @param {any} message */
async function hear(message) {
  if (message.answer !== undefined) {
    const waiting = asked.get(message.answer);
    asked.delete(message.answer);
    if (message.error) waiting?.reject(unpack(message.error));
    else waiting?.resolve(message.value);
    return;
  }
  if (message.abort !== undefined) return running.get(message.abort)?.abort(unpack(message.reason));
  const { id, method } = message;
  const controller = new AbortController();
  running.set(id, controller);
  const hooks = {
    ...(message.hasSignal && { signal: controller.signal }),
    ...(message.hasProgress && {
      progress: (/** @type {any} */ state) => port.post({ id, progress: state }),
    }),
  };
  if (message.aborted) controller.abort(unpack(message.reason));
  try {
    const result = method === 'load' ? await start(message, hooks) : await call(message, hooks);
    /** @type {Transferable[]} */
    const transfer = [];
    port.post({ id, result: pack(result, transfer), memory: encoder?.memory }, transfer);
  } catch (error) {
    port.post({ id, error: pack(error) });
  } finally {
    running.delete(id);
  }
}

/** @param {any} message @param {object} hooks */
function call({ method, args }, hooks) {
  if (!encoder) throw new DisposedError('this encoder was disposed');
  const given = unpack(args);
  // The hooks stand in the options, which are the last argument where there are any.
  if (Object.keys(hooks).length) Object.assign(given.at(-1), hooks);
  return Reflect.get(encoder, method).apply(encoder, given);
}

/** @param {any} message @param {object} hooks @returns {Promise<object>} what the encoder is */
async function start({ source: packed, options, core }, hooks) {
  const source = unpack(packed);
  const environment = {
    loadCore: async () => core, // the page has compiled it
    images: platform,
    startThread,
  };
  const { memory: given, place, words } = source;
  const all = { ...options, ...words, ...hooks };
  encoder = place
    ? await loadWith((openSource) => assemble(place, all, { ...environment, openSource }))
    : await assemble(given ?? 'the page', all, { ...environment, openSource: async () => sourceOf(source) });
  return { ...factsOf(encoder), text: String(encoder) };
}

/** What the getters say; those that a model has nothing for throw. @param {Encoder} loaded @returns {Record<string, any>} */
const factsOf = (loaded) =>
  Object.fromEntries(
    [...FACTS, 'memory'].map((name) => {
      try {
        return [name, Reflect.get(loaded, name)];
      } catch (error) {
        return [name, error];
      }
    }),
  );

/** The page's files. @param {{ name: string, advice?: string, hasList: boolean, hasSizes: boolean }} given @returns {Source} */
function sourceOf({ name, advice, hasList, hasSizes }) {
  /** @type {Map<string, string>} */
  const why = new Map();
  return {
    ...{ name, advice, whyNot: (path) => why.get(path) },
    ...(hasList && { list: () => ask({ about: 'list' }) }),
    ...(hasSizes && { sizes: () => ask({ about: 'sizes' }) }),
    find: async (path) => {
      const found = await ask({ about: 'find', path });
      if (found.why) why.set(path, found.why);
      if (found.file === undefined) return null;
      const { file, size } = found;
      return { size, stream: () => chunksOf(file), cancel: () => void ask({ about: 'cancel', file }) };
    },
  };
}

/** @param {number} file */
async function* chunksOf(file) {
  const stream = await ask({ about: 'open', file });
  try {
    for (let next = await ask({ about: 'next', stream }); next; next = await ask({ about: 'next', stream }))
      yield next;
  } finally {
    ask({ about: 'close', stream }).catch(() => {});
  }
}
