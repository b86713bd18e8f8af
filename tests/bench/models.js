/**
 * Where the benchmark's models and tools lie, and how what is missing is made: by make_onnx.py, in .cache.
 * Not a downloader: the engine, the Python environment and MiniLM are put in place by `make bench`.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const cache = fileURLToPath(new URL('../../.cache/', import.meta.url));

/** The engine that is measured: Node 24 of npm's `node` package, or $BENCH_NODE. */
export const node24 = process.env.BENCH_NODE ?? join(cache, 'node24/node_modules/node/bin/node');

/** A Python with NumPy and onnx, or $BENCH_PYTHON. */
export const python = process.env.BENCH_PYTHON ?? join(cache, 'venv/bin/python');

/** Reference cases, by which the graphs are checked before anything is timed. */
export const goldens = process.env.GOLDENS ?? fileURLToPath(new URL('../goldens/data/', import.meta.url));

/** Golden cases that check the graph of each architecture. */
export const GOLDEN_CASES = {
  bert: ['bert_base'],
  roberta: ['roberta'],
  'deberta-v2': ['deberta_v3'],
  modernbert: ['modernbert'],
  vit: ['vit', 'vit_imgcls'],
  swin: ['swin', 'swin_imgcls'],
  clip_vision_model: ['clip_vision_proj'],
  clip_text_model: ['clip_quickgelu'],
  dinov2: ['dinov2', 'dinov2_resized'],
  whisper: ['whisper_encoder'],
};

/** Towers of golden cases that hold two. @type {Record<string, string>} */
const TOWERS = { clip_quickgelu: 'text' };

/** @typedef {keyof typeof GOLDEN_CASES} Architecture */

/**
 * @typedef {object} Model
 * @property {Architecture} architecture
 * @property {string} folder Hugging Face folder, read by this library
 * @property {string} graph ONNX file of the same weights, read by the peer
 * @property {boolean} random whether the folder is made here, with seeded random weights
 * @property {[batch: number, tokens: number]} [shape] of the texts, for graphs of one length
 * @property {[height: number, width: number]} [image] of the pictures, for graphs of one size
 */

/** @type {Record<string, Model>} */
const MODELS = {
  minilm: {
    architecture: 'bert',
    folder: process.env.MINILM ?? join(cache, 'minilm'),
    graph: join(cache, 'bench/minilm.onnx'),
    random: false,
  },
  'bert-base': random('bert', 'bert-base'),
  'width-512': random('bert', 'width-512'),
  'xlm-r-base': random('roberta', 'xlm-r-base'),
  'deberta-v3-small': random('deberta-v2', 'deberta-v3-small', [1, 128]),
  'modernbert-base 512': random('modernbert', 'modernbert-base', [1, 512]),
  'modernbert-base 4096': random('modernbert', 'modernbert-base', [1, 4096]),
  'deit-tiny': random('vit', 'deit-tiny'),
  'deit-small': random('vit', 'deit-small'),
  'vit-b16': random('vit', 'vit-b16'),
  'swin-t': random('swin', 'swin-t'),
  'clip-b32-vision': { ...random('clip_vision_model', 'clip-b32-vision'), image: [224, 224] },
  'clip-b32-text': random('clip_text_model', 'clip-b32-text', [1, 77]),
  'dinov2-small': { ...random('dinov2', 'dinov2-small'), image: [224, 224] },
  'whisper-tiny': random('whisper', 'whisper-tiny'),
};

/**
 * @param {Architecture} architecture
 * @param {string} name
 * @param {[batch: number, tokens: number]} [shape]
 * @returns {Model}
 */
function random(architecture, name, shape) {
  const folder = join(cache, 'bench', name);
  const graph = join(folder, shape ? `model-${shape.join('x')}.onnx` : 'model.onnx');
  return { architecture, folder, graph, random: true, shape };
}

/**
 * @param {string} name
 * @returns {Model}
 */
export function model(name) {
  const found = MODELS[name];
  if (!found) throw new Error(`unknown model ${name}, expected one of ${Object.keys(MODELS).join(', ')}`);
  return found;
}

/**
 * Makes the files of a model that are missing or older than the scripts that make them.
 * @param {string} name
 */
export function prepare(name) {
  const { folder, graph, random, shape, image } = model(name);
  const weights = join(folder, 'model.safetensors');
  if (random && stale(weights, [join(here, 'checkpoints.py')])) {
    console.error(`making random weights of ${name}`);
    makeOnnx('random', basename(folder), folder);
  }
  if (!existsSync(weights)) throw new Error(`${weights} is missing: \`make bench\` fetches it`);
  prepareGraph(folder, graph, [...flagOf('--shape', shape), ...flagOf('--image', image)]);
}

/** @param {string} flag @param {number[] | undefined} sizes */
const flagOf = (flag, sizes) => (sizes ? [flag, ...sizes.map(String)] : []);

/**
 * @param {string} folder Hugging Face folder
 * @param {string} graph the file to write
 * @param {string[]} flags of make_onnx.py
 */
export function prepareGraph(folder, graph, flags) {
  const scripts = readdirSync(here).filter((file) => file.endsWith('.py'));
  const sources = [...scripts.map((file) => join(here, file)), join(folder, 'model.safetensors')];
  if (!stale(graph, sources)) return;
  console.error(`building the ONNX graph of ${folder}`);
  makeOnnx('graph', folder, graph, ...flags);
}

/**
 * Builds the graph of a golden case and says where it is, and what the names of its outputs begin with.
 * @param {string} name
 * @param {(path: string) => Map<string, import('./workloads.js').Feed>} read a file of tensors
 */
export function prepareGolden(name, read) {
  const folder = join(goldens, 'models', name);
  if (!existsSync(folder))
    throw new Error(`the golden case ${folder} is missing; set $GOLDENS to its folder`);
  const graph = join(cache, 'bench/goldens', `${name}.onnx`);
  const tensors = read(join(folder, 'case.safetensors'));
  const tower = TOWERS[name];
  prepareGraph(folder, graph, [
    ...(tensors.has('in.token_type_ids') ? ['--token-types'] : []),
    ...flagOf('--shape', tensors.get('in.input_ids')?.shape),
    ...flagOf('--image', tensors.get('in.pixel_values')?.shape.slice(2)),
    ...(tower ? ['--tower', tower] : []),
  ]);
  return { graph, tensors, outputs: tower ? `out.${tower}_model_output.` : 'out.' };
}

/** @param {string[]} args of make_onnx.py */
function makeOnnx(...args) {
  if (!existsSync(python)) throw new Error(`${python} is missing: \`make bench\` sets it up`);
  execFileSync(python, ['-B', join(here, 'make_onnx.py'), ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/**
 * @param {string} file
 * @param {string[]} sources
 */
function stale(file, sources) {
  if (!existsSync(file)) return true;
  const { mtimeMs } = statSync(file);
  return sources.some((source) => existsSync(source) && statSync(source).mtimeMs > mtimeMs);
}
