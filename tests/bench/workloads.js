/**
 * What is measured, and on which libraries: one entry a workload, its inputs seeded, its operations counted.
 * A model of a known architecture is one more entry here and one in models.js; a library is a file in peers/.
 */

import {
  BASE,
  clipTextGflop,
  debertaFlop,
  MINILM,
  MODERN,
  modernFlop,
  patchGflop,
  SMALL,
  stackFlop,
  swinGflop,
  vitGflop,
  whisperGflop,
} from './flops.js';

/**
 * @typedef {{dtype: 'int32' | 'float32', data: Int32Array | Float32Array, shape: number[]}} Feed
 *
 * @typedef {object} Workload
 * @property {string} name by which --only picks it
 * @property {'forward' | 'first'} kind repeated forwards in one process, or fresh processes to a first result
 * @property {string} model a name in models.js
 * @property {() => Record<string, Feed>} feeds inputs by their Hugging Face names
 * @property {string} output the output that is compared
 * @property {number} gflop 2·M·N·K of every product, in units of 1e9
 * @property {number} [rounds] after one warm-up, where a run takes long
 * @property {string} [text] for `first`: start from this text and end at its normalised mean vector
 *
 * @typedef {object} TableWorkload
 * @property {string} name by which --only picks it
 * @property {'sincos1d' | 'sincos2d'} encoding
 * @property {Record<string, number>} sizes options of the encoding; its base and layout are the defaults
 * @property {number} count of the table's numbers
 */

// 16 tokens with [CLS] and [SEP].
const SENTENCE = 'The quick brown fox jumps over the lazy dog while it rains outside.';

/** Tokens of texts as they come. */
const RAGGED = [
  ...[8, 9, 10, 12, 14, 16, 18, 20, 22, 24, 28, 32, 32, 36, 40, 44],
  ...[48, 52, 56, 64, 64, 72, 80, 88, 96, 112, 128, 144, 160, 192, 224, 256],
];

/** @type {Workload[]} */
export const WORKLOADS = [
  minilm('minilm 1x16', 1, 16),
  minilm('minilm 1x128', 1, 128),
  minilm('minilm 8x128', 8, 128),
  minilm('minilm 1x512', 1, 512),
  ragged('minilm 32 ragged', RAGGED),
  texts('width 512 32x50', 'width-512', { width: 512, feedForward: 2048, layers: 6 }, 32, 50),
  texts('bert-base 1x128', 'bert-base', BASE, 1, 128),
  texts('xlm-r-base 8x128', 'xlm-r-base', BASE, 8, 128),
  texts('deberta-v3-small 1x128', 'deberta-v3-small', { ...BASE, layers: 6 }, 1, 128, debertaFlop),
  texts('modernbert-base 1x512', 'modernbert-base 512', MODERN, 1, 512, modernFlop),
  { ...texts('modernbert-base 1x4096', 'modernbert-base 4096', MODERN, 1, 4096, modernFlop), rounds: 3 },
  picture('deit-tiny 1', 'deit-tiny', vitGflop({ width: 192, feedForward: 768, layers: 12 })),
  picture('deit-small 1', 'deit-small', vitGflop({ width: 384, feedForward: 1536, layers: 12 })),
  picture('vit-b16 1', 'vit-b16', vitGflop({ width: 768, feedForward: 3072, layers: 12 })),
  picture('swin-t 1', 'swin-t', swinGflop()),
  tower('clip-b32 vision 1', 'clip-b32-vision', pictureFeeds, patchGflop(BASE, 3 * 32 * 32, 7 * 7)),
  tower('clip-b32 text 1x77', 'clip-b32-text', () => tokenFeeds(1, 77), clipTextGflop()),
  tower('dinov2-small 1', 'dinov2-small', pictureFeeds, patchGflop(SMALL, 3 * 14 * 14, 16 * 16)),
  tower('whisper-tiny 30 s', 'whisper-tiny', melFeeds, whisperGflop()),
  { ...minilm('first vector minilm 1x16', 1, 16), kind: 'first' },
  { ...minilm('first text minilm 1x16', 1, 16), kind: 'first', text: SENTENCE },
];

// Each size and half of it, which show that time grows with the output.
/** @type {TableWorkload[]} */
export const TABLES = [line(8192, 1024), line(4096, 1024), grid(64, 64, 1024), grid(32, 64, 1024)];

/** The libraries that run models; each is imported when it is first used, since importing is part of what is measured. */
export const PEERS = {
  wasmformer: () => import('./peers/wasmformer.js'),
  'onnxruntime-web': () => import('./peers/onnxruntime-web.js'),
};

/**
 * @param {string} name
 * @returns {Workload}
 */
export function findWorkload(name) {
  const found = WORKLOADS.find((workload) => workload.name === name);
  if (!found) throw new Error(`unknown workload ${name}`);
  return found;
}

/**
 * @param {string} name
 * @param {number} batch
 * @param {number} tokens
 * @returns {Workload}
 */
function minilm(name, batch, tokens) {
  const gflop = (batch * stackFlop(MINILM, tokens, tokens)) / 1e9;
  const feeds = () => tokenFeeds(batch, tokens);
  return { name, kind: 'forward', model: 'minilm', feeds, output: 'last_hidden_state', gflop };
}

/** Texts of different lengths in one call, padded to the longest; real tokens alone are counted and compared. @param {string} name @param {number[]} lengths @returns {Workload} */
function ragged(name, lengths) {
  const most = Math.max(...lengths);
  const gflop = lengths.reduce((sum, tokens) => sum + stackFlop(MINILM, tokens, tokens), 0) / 1e9;
  const feeds = () => {
    const { input_ids: ids, attention_mask: mask } = tokenFeeds(lengths.length, most);
    for (const [row, tokens] of lengths.entries()) {
      ids.data[row * most + tokens - 1] = 102;
      for (const feed of [ids, mask]) feed.data.fill(0, row * most + tokens, (row + 1) * most);
    }
    return { input_ids: ids, attention_mask: mask };
  };
  return { name, kind: 'forward', model: 'minilm', feeds, output: 'last_hidden_state', gflop };
}

/**
 * @param {string} name
 * @param {string} model
 * @param {import('./flops.js').Size} size
 * @param {number} batch
 * @param {number} tokens
 * @param {(size: typeof BASE, tokens: number) => number} [flop] of a text
 * @returns {Workload}
 */
function texts(name, model, size, batch, tokens, flop = (one, count) => stackFlop(one, count, count)) {
  const feeds = () => tokenFeeds(batch, tokens);
  return {
    name,
    kind: 'forward',
    model,
    feeds,
    output: 'last_hidden_state',
    gflop: (batch * flop(size, tokens)) / 1e9,
  };
}

/**
 * @param {string} name
 * @param {string} model
 * @param {number} gflop
 * @returns {Workload}
 */
function picture(name, model, gflop) {
  return { name, kind: 'forward', model, feeds: pictureFeeds, output: 'logits', gflop };
}

/**
 * @param {string} name
 * @param {string} model
 * @param {() => Record<string, Feed>} feeds
 * @param {number} gflop
 * @returns {Workload}
 */
function tower(name, model, feeds, gflop) {
  return { name, kind: 'forward', model, feeds, output: 'last_hidden_state', gflop };
}

/**
 * Full rows of words between [CLS] and [SEP].
 * @param {number} batch
 * @param {number} tokens
 * @returns {Record<string, Feed>}
 */
function tokenFeeds(batch, tokens) {
  const random = generator();
  const shape = [batch, tokens];
  const ids = Int32Array.from({ length: batch * tokens }, () => 1996 + Math.floor(random() * 28000));
  for (let row = 0; row < batch; row++) {
    ids[row * tokens] = 101;
    ids[(row + 1) * tokens - 1] = 102;
  }
  return {
    input_ids: { dtype: 'int32', data: ids, shape },
    attention_mask: { dtype: 'int32', data: new Int32Array(ids.length).fill(1), shape },
  };
}

/** @returns {Record<string, Feed>} */
function pictureFeeds() {
  const random = generator();
  const data = Float32Array.from({ length: 3 * 224 * 224 }, () => 4 * random() - 2);
  return { pixel_values: { dtype: 'float32', data, shape: [1, 3, 224, 224] } };
}

/** Log-mel values of 30 seconds. @returns {Record<string, Feed>} */
function melFeeds() {
  const random = generator();
  const data = Float32Array.from({ length: 80 * 3000 }, () => 2 * random() - 1);
  return { input_features: { dtype: 'float32', data, shape: [1, 80, 3000] } };
}

/** Uniform numbers in [0, 1), the same on every run: a linear congruential generator modulo 2^32. */
function generator() {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** @param {number} length @param {number} dim @returns {TableWorkload} */
function line(length, dim) {
  return {
    name: `sincos1d ${length}x${dim}`,
    encoding: 'sincos1d',
    sizes: { length, dim },
    count: length * dim,
  };
}

/** @param {number} height @param {number} width @param {number} dim @returns {TableWorkload} */
function grid(height, width, dim) {
  const name = `sincos2d ${height}x${width}x${dim}`;
  return { name, encoding: 'sincos2d', sizes: { height, width, dim }, count: height * width * dim };
}
