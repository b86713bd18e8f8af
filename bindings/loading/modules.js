/**
 * The modules of a sentence-transformers folder as parts of a model: linear layers and norms behind pooling become heads,
 * with weights of their own.
 */
import { bind } from '../architectures/bind.js';
import { addHead, lastWidth } from '../architectures/blueprint.js';
import { refuseStray } from '../architectures/ledger.js';
import { pair } from '../architectures/placements.js';
import { ACTIVATION } from '../core/abi.js';
import { ConfigError, FormatError, UnsupportedError } from '../errors.js';
import { openWeights } from '../formats/tensors.js';
import { readList } from '../text/sentence_modules.js';
import { parseModules } from '../text/sentence_transformers.js';
import { absence, findJson, WEIGHTS } from './files.js';

/**
 * @typedef {import('./files.js').Source} Source
 * @typedef {import('../architectures/blueprint.js').ModelDescription} ModelDescription
 * @typedef {import('../text/sentence_transformers.js').SentenceTransformer} SentenceTransformer
 * @typedef {import('../text/sentence_modules.js').DenseModule | import('../text/sentence_modules.js').NormModule} Layer
 * @typedef {{ weights: import('../formats/tensors.js').Weights, bound: ReturnType<typeof bind> }} Opened
 *
 * @typedef {object} Stage of what follows pooling: heads in turn, then unit length
 * @property {number[]} heads
 * @property {boolean} normalize
 */

/** The kinds of modules with weights. */
const WEIGH = ['Dense', 'LayerNorm'];
/** torch's epsilon of a layer norm: modules do not say another. */
const EPSILON = 1e-5;

/**
 * @param {Source} files
 * @returns {Promise<{ folder: string, weigh: boolean, told: Promise<SentenceTransformer | null> }>} the model's own folder, whether
 *   there are modules with weights, and what all of them say, once their files are read
 */
export async function findSentenceTransformer(files) {
  const found = await findJson(files, 'modules.json');
  if (!found) return { folder: '', weigh: false, told: Promise.resolve(null) };
  const list = readList(found);
  files.ahead?.(['sentence_bert_config.json', 'config_sentence_transformers.json', '1_Pooling/config.json']);
  const told = parseModules({ list, readJson: (name) => findJson(files, name) });
  told.catch(() => {}); // told to who awaits it
  return { folder: list[0].path, weigh: list.some(({ kind }) => WEIGH.includes(kind)), told };
}

/** The files of a folder in a folder. @param {Source} files @param {string} [folder] @returns {Source} */
export function within(files, folder) {
  if (!folder) return files;
  const at = `${folder}/`;
  return {
    name: `${files.name}/${folder}`,
    find: (file) => files.find(at + file),
    whyNot: (file) => files.whyNot?.(at + file),
    list: async () =>
      ((await files.list?.()) ?? [])
        .filter((name) => name.startsWith(at))
        .map((name) => name.slice(at.length)),
  };
}

/**
 * Makes stages of modules; heads join the description.
 * @param {Source} files
 * @param {Promise<SentenceTransformer | null>} told
 * @param {ModelDescription} description
 * @param {Opened[]} opened filled with what is opened, for the caller to load or close
 * @returns {Promise<Stage[]>}
 */
export async function openModules(files, told, description, opened) {
  const { pooling = null, after = [] } = (await told) ?? {};
  let width = lastWidth(description) * (pooling?.modes.length ?? 1);
  /** @type {Stage[]} */
  const stages = [{ heads: [], normalize: false }];
  for (const module of after) {
    const last = stages[stages.length - 1];
    if (module.kind === 'Normalize') {
      last.normalize = true;
      continue;
    }
    checkWidth(module, width);
    const head = addHead(description, headOf(module));
    opened.push(await openModule(files, module, head, description));
    width = description.head[head].outputs;
    if (last.normalize) stages.push({ heads: [head], normalize: false });
    else last.heads.push(head);
  }
  return stages;
}

/** @param {Layer} module @param {number} width */
function checkWidth(module, width) {
  if (module.in === width) return;
  const path = `${module.path}/config.json`;
  const key = module.kind === 'Dense' ? 'in_features' : 'dimension';
  throw new ConfigError(`${path}: ${key} is ${module.in}; expected ${width}, what the vectors have there`, {
    path,
    value: module.in,
  });
}

/** @param {Layer} module */
const headOf = (module) =>
  module.kind === 'Dense'
    ? { inputs: module.in, outputs: module.out, activation: ACTIVATION[module.activation] }
    : { inputs: module.in, outputs: module.in, norm: 1, norm_epsilon: EPSILON, bare: 1 };

/**
 * @param {Source} files
 * @param {Layer} module
 * @param {number} index of the head
 * @param {ModelDescription} description
 * @returns {Promise<Opened>}
 */
async function openModule(files, module, index, description) {
  const weights = await openFile(files, module.path);
  const name = weights.path;
  try {
    const placements =
      module.kind === 'Dense'
        ? pair('linear', 'HEAD', { index }).slice(0, module.bias ? 2 : 1)
        : pair('norm', 'HEAD_NORM', { index });
    const bound = bind(placements, description, weights.tensors, name);
    for (const tensor of weights.tensors.keys()) if (!bound.has(tensor)) refuseStray(tensor, name);
    return { weights, bound };
  } catch (error) {
    await weights.reader.close();
    throw error;
  }
}

/** @param {Source} files @param {string} folder */
async function openFile(files, folder) {
  const name = `${folder}/${WEIGHTS}`;
  const found = await files.find(name);
  if (found) return openWeights(found, name, { later: true });
  const pickle = `${folder}/pytorch_model.bin`;
  const other = await files.find(pickle);
  other?.cancel?.();
  if (!other) throw new FormatError(`${absence(files, name)}, which modules.json names`, { path: name });
  throw new UnsupportedError(
    `${files.name} has ${pickle} and no ${name}; convert it once in Python: SentenceTransformer(folder).save_pretrained(folder)`,
    { path: pickle },
  );
}
