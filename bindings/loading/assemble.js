/**
 * What `load` does: files become an encoder. Finds config, tokenizer and sentence-transformers files, plans the model and
 * streams its weights in. Not here: where files come from and which build of the core runs (the environment's part, in
 * web/), what families make of a config (architectures/).
 */

import { hears } from '../architectures/blueprint.js';
import { familyOf } from '../architectures/index.js';
import { sizeOfShape } from '../arrays.js';
import { check } from '../check.js';
import { STEM } from '../core/abi.js';
import { Instance } from '../core/instance.js';
import { OutOfMemoryError } from '../errors.js';
import { checkConfig, parseConfig } from '../formats/config.js';
import { weightsOf } from '../formats/tensors.js';
import { any, choice, integer } from '../options/table.js';
import { Model } from '../run/model.js';
import { breather } from '../run/pace.js';
import { listWeights } from '../run/weights.js';
import { Encoder } from '../tasks/encoder.js';
import { findText, MOST_CONFIG, openAllWeights, refuseNoConfig } from './files.js';
import { matched } from './matching.js';
import { findSentenceTransformer, openModules, within } from './modules.js';
import { findExtractor, findLetters, findProcessor } from './processor.js';
import { Progress } from './progress.js';
import { READING, readingOf, refuseAborted } from './reading.js';
import { findTokenizer } from './tokenizer.js';
import { wantedByModel } from './wanted.js';
import { loadWeights } from './weights.js';

/**
 * @import { LoadOptions } from '../public.js'
 * @import { ReadingOptions } from './public.js'
 *
 * @typedef {import('./files.js').Source} Source
 * @typedef {import('../formats/tensors.js').Weights} Weights
 *
 * @typedef {object} Environment what differs between Node and browsers
 * @property {(source: any, options: ReadingOptions & { wanted?: import('./wanted.js').Wanted }) => Promise<Source>} openSource
 * @property {(options: Pick<LoadOptions, 'simd' | 'wasm' | 'threads'>) => Promise<import('../core/instance.js').Core>} loadCore
 * @property {import('../core/team.js').StartThread} startThread
 * @property {import('../vision/input.js').ImagePlatform} images
 */

const SPEECH = 'automatic-speech-recognition';

/** The options of `load`. */
export const LOADING = {
  dtype: choice(['f32', 'int8'], 'how weights are kept and multiplied', { default: 'f32' }),
  threads: integer('threads that share a forward', { min: 1, max: 16, or: ['auto'], default: 1 }),
  simd: choice(['auto', 'base', 'relaxed', 'wide'], 'the build of the core', { default: 'auto' }),
  maxTokens: integer('rows of tokens in one block', { min: 1, max: 1 << 20, default: 1024 }),
  wasm: any("the core's module instead of the one found", { optional: true }),
  worker: integer('workers that run the encoder', { min: 1, max: 64, or: [true, false], default: false }),
  ...READING,
};

/**
 * @param {any} source as `load` in web/index.js takes it
 * @param {LoadOptions | undefined} options
 * @param {Environment} environment
 * @returns {Promise<Encoder>}
 */
export async function assemble(source, options = {}, { openSource, loadCore, startThread, images }) {
  const { maxTokens, dtype, simd, wasm, threads, ...reading } = check('load', options, LOADING);
  const { signal: stop } = reading;
  refuseAborted(stop);
  const core = loadCore({ simd, wasm, threads });
  core.catch(() => {}); // told once the files are read
  const memory = inMemory(source);
  const progress = new Progress(reading.progress);
  const all = memory
    ? NO_FILES
    : await progress.watch(await openSource(source, { ...readingOf(reading), wanted: wantedByModel }));
  const top = await findText(all, 'config.json', MOST_CONFIG);
  const { folder, weigh, told } = await findSentenceTransformer(all);
  const files = within(all, folder);
  const text = files === all ? top : await findText(files, 'config.json', MOST_CONFIG);
  const config = memory
    ? checkConfig(memory.config)
    : parseConfig(text ?? (await refuseNoConfig(files)), 'config.json');
  const family = familyOf(config);
  const weights = memory ? [weightsOf(memory.tensors)] : await openAllWeights(files);
  /** @type {import('./modules.js').Opened[]} */
  const modules = [];
  /** @type {Instance | undefined} */
  let instance;
  try {
    const { tensors, blueprint, towers, bound } = matched(family, config, weights);
    const { description } = blueprint;
    const opening = openModules(all, told, description, modules);
    if (weigh) await opening;
    const sees = towers.some((tower) => tower.description.stem === STEM.PATCHES);
    const reads = ![STEM.PATCHES, STEM.FRAMES].includes(description.stem);
    const hearing = hears(blueprint);
    // Read while the weights come, which are by far the most.
    const asked = Promise.all([
      opening,
      reads ? told.then((sentence) => findTokenizer(files, config, sentence?.lowerCase)) : null,
      sees && !hearing ? findProcessor(files, config) : null,
      hearing ? findExtractor(files, config) : null,
      blueprint.tasks.includes(SPEECH) ? findLetters(files, config) : null,
    ]);
    const breathe = untilFailed(asked, breather(stop));
    const made = await Instance.create(await core, startThread);
    instance = made;
    const models = towers.map((tower) => planned(made, tower, { maxTokens, dtype }, tensors));
    const [model, vision = null] = models;
    const opened = [...weights.map((file) => ({ weights: file, bound })), ...modules];
    await loadWeights(made, models, opened, breathe, progress);
    const [stages, tokenizer, processor, extractor, letters] = await asked;
    await made.ready();
    progress.finish();
    const { build } = made;
    const read = { config, tokenizer, sentenceTransformer: await told, processor, extractor, letters };
    return new Encoder({
      model,
      vision,
      ...read,
      build,
      images,
      instance: made,
      stages,
      weights: listWeights(opened),
    });
  } catch (error) {
    instance?.dispose();
    throw error;
  } finally {
    for (const { reader } of [...weights, ...modules.map((file) => file.weights)]) await reader.close();
  }
}

/**
 * A breath that ends in the failure of something else, once there is one.
 * @param {Promise<unknown>} other
 * @param {import('../run/pace.js').Breath} breathe
 * @returns {import('../run/pace.js').Breath}
 */
function untilFailed(other, breathe) {
  /** @type {{ error: unknown } | null} */
  let failed = null;
  other.catch((error) => {
    failed = { error };
  });
  return () => {
    if (failed) throw failed.error;
    return breathe();
  };
}

/** @type {Source} */
const NO_FILES = { name: 'memory', find: async () => null };

/**
 * @param {any} source
 * @returns {{ config: object, tensors: Record<string, import('../tensor.js').Tensor> } | null}
 */
function inMemory(source) {
  const whole =
    source?.config &&
    typeof source.config === 'object' &&
    source.tensors &&
    typeof source.tensors === 'object';
  return whole ? source : null;
}

/**
 * The model in memory, without its weights.
 * @param {Instance} instance
 * @param {import('../architectures/blueprint.js').Blueprint} blueprint
 * @param {{ maxTokens: number, dtype: 'f32' | 'int8' }} options
 * @param {ReadonlyMap<string, { shape: number[] }>} tensors
 * @throws {OutOfMemoryError} a model that 32 bits do not address, or that the engine has no room for, with its size
 */
function planned(instance, blueprint, { maxTokens, dtype }, tensors) {
  try {
    return new Model(instance, blueprint, maxTokens, dtype);
  } catch (cause) {
    if (!(cause instanceof OutOfMemoryError)) throw cause;
    const count = [...tensors.values()].reduce((sum, { shape }) => sum + sizeOfShape(shape), 0);
    const size = (4 * count) / 1e9;
    const weights = `this model has ${(count / 1e6).toFixed(0)} million weights, ${size.toFixed(1)} GB in float32`;
    const remedy =
      size < 3.5
        ? 'a smaller maxTokens, or free memory, helps'
        : 'WebAssembly addresses 4 GB: take a smaller model of its kind';
    throw new OutOfMemoryError(`${weights}, with scratch for ${maxTokens} tokens; ${remedy}`, {
      value: count,
      cause,
    });
  }
}
