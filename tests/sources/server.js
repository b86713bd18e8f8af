// Servers that misbehave on purpose, and the small model that they serve. Not a test.
import { createServer } from 'node:http';
import { readTensors } from '../../bindings/formats/safetensors.js';
import { load } from '../../web/index.js';
import { folder, safetensors } from '../encoder/fixtures.js';

const WORDS = Array.from({ length: 128 }, (_, id) => ['[PAD]', '[UNK]', '[CLS]', '[SEP]'][id] ?? `w${id}`);
export const VOCABULARY = WORDS.join('\n');

/**
 * A model's files by their names: config.json, model.safetensors and vocab.txt.
 * @param {Parameters<typeof folder>[1]} [changes]
 */
export const modelFiles = (changes) =>
  folder('bert_base', { 'vocab.txt': VOCABULARY, 'case.safetensors': null, ...changes });

/**
 * What a model makes of a text; the same words for the same weights and vocabulary.
 * @param {any} source
 * @param {import('../../bindings/public.js').LoadOptions} [options]
 */
export async function vectorOf(source, options) {
  const encoder = await load(source, options);
  const { data } = await encoder.embed('w5 w17 w99');
  encoder.dispose();
  return data.join();
}

/**
 * @typedef {object} Answering
 * @property {string} path of the file in the model's folder
 * @property {URL} url that was asked for
 * @property {Buffer | null} bytes of the file; null if there is none
 * @property {import('node:http').IncomingMessage} request
 * @property {import('node:http').ServerResponse} response
 * @property {number} times how often this path was asked for, this time included
 *
 * @typedef {(answering: Answering) => void} Handler
 */

/** Sends a file as servers should, or 404. @type {Handler} */
export function answerWell({ bytes, response }) {
  if (bytes) response.setHeader('content-length', bytes.length);
  response.statusCode = bytes ? 200 : 404;
  response.end(bytes);
}

/**
 * Serves a folder on this machine until the test ends.
 * @param {{ after: (end: () => Promise<void>) => void }} context of a test
 * @param {Handler} handler
 * @param {Map<string, Uint8Array>} [files]
 * @returns {Promise<{ url: string, asked: string[], search: Set<string>, left: string[] }>} asked: the paths in order.
 *   search: the queries. left: paths whose answers the client let go before their end
 */
export async function serve(context, handler, files = modelFiles()) {
  const asked = /** @type {string[]} */ ([]);
  const left = /** @type {string[]} */ ([]);
  const search = /** @type {Set<string>} */ (new Set());
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    const path = decodeURIComponent(url.pathname.slice(1));
    asked.push(path);
    search.add(url.search);
    response.on('close', () => {
      if (!response.writableFinished) left.push(path);
    });
    const found = files.get(path);
    const times = asked.filter((one) => one === path).length;
    handler({ path, url, bytes: found ? Buffer.from(found) : null, request, response, times });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  context.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}/`, asked, search, left };
}

/**
 * Waits until something is so.
 * @param {() => boolean} holds
 * @param {string} what
 */
export async function until(holds, what) {
  for (let tries = 0; !holds(); tries++) {
    if (tries === 2000) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/**
 * A `fetch` that needs no server: bodies come from functions.
 * @param {(path: string, init?: RequestInit) => Response | Promise<Response> | null} answer null: the model's own files, or
 *   404
 * @param {Map<string, Uint8Array<ArrayBuffer>>} [files]
 * @returns {typeof fetch}
 */
export function fetchBy(answer, files = modelFiles()) {
  return async (input, init) => {
    const path = new URL(String(input)).pathname.slice(1);
    const own = answer(path, init);
    if (own) return own;
    const bytes = files.get(path);
    return new Response(bytes ?? null, { status: bytes ? 200 : 404 });
  };
}

/**
 * A body in pieces, each made when it is asked for.
 * @param {Uint8Array<ArrayBuffer>[]} pieces
 * @param {() => void} [ended] called at the end, or when the rest is not wanted
 */
export function streamOf(pieces, ended) {
  const left = [...pieces];
  /** @type {UnderlyingDefaultSource<Uint8Array<ArrayBuffer>>} */
  const source = {
    pull(controller) {
      const piece = left.shift();
      if (piece) return controller.enqueue(piece);
      controller.close();
      ended?.();
    },
    cancel: ended,
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}

/**
 * The model's files with its weights in several shards, each tensor in the next one.
 * @param {number} count
 */
export function inShards(count) {
  const nameOf = (/** @type {number} */ i) =>
    `model-${String(i + 1).padStart(5, '0')}-of-${count}.safetensors`;
  const tensors = [
    ...readTensors(/** @type {Uint8Array} */ (modelFiles().get('model.safetensors')), 'model'),
  ];
  /** @type {Record<string, string>} */
  const map = {};
  const shards = Array.from({ length: count }, (_, shard) => {
    const part = tensors.filter((_, i) => i % count === shard);
    for (const [name] of part) map[name] = nameOf(shard);
    return [nameOf(shard), safetensors(Object.fromEntries(part))];
  });
  return modelFiles({
    'model.safetensors': null,
    'model.safetensors.index.json': { metadata: {}, weight_map: map },
    ...Object.fromEntries(shards),
  });
}
