/** A folder without what a model needs: which other format its weights are in, what else there is, and what to do about it. */
import { UnsupportedError } from '../errors.js';

/** @typedef {import('./files.js').Source} Source */

const SAVE = 'model.save_pretrained(folder, safe_serialization=True)';
const FROM_ORIGIN = 'take model.safetensors from the model that it was made of';
const from = (/** @type {string} */ library, /** @type {string} */ flag) =>
  `convert them once in Python, with transformers 4 and ${library}: model = AutoModel.from_pretrained(folder, ${flag}=True); ${SAVE}`;

/**
 * @type {{ names: string[], pattern: RegExp, advice: string }[]} names: where a source cannot list its files, these are
 *   asked for
 */
const FORMATS = [
  {
    names: ['adapter_model.safetensors'],
    pattern: /^adapter_model\./,
    advice:
      'it is an adapter, a change to another model; merge the two once in Python: AutoPeftModel.from_pretrained(folder).merge_and_unload().save_pretrained(other)',
  },
  {
    names: ['pytorch_model.bin', 'pytorch_model.bin.index.json'],
    pattern: /^(?:pytorch_)?model[\w.-]*\.bin$/,
    advice: `convert them once in Python: model = AutoModel.from_pretrained(folder); ${SAVE}`,
  },
  { names: ['tf_model.h5'], pattern: /\.h5$/, advice: from('TensorFlow', 'from_tf') },
  { names: ['flax_model.msgpack'], pattern: /\.msgpack$/, advice: from('Flax', 'from_flax') },
  {
    names: ['onnx/model.onnx', 'model.onnx'],
    pattern: /^onnx$|\.onnx$/,
    advice: `ONNX is a graph without the model's own names; ${FROM_ORIGIN}`,
  },
  { names: ['model.gguf'], pattern: /\.gguf$/, advice: `GGUF is not read; ${FROM_ORIGIN}` },
  {
    names: ['openvino/openvino_model.xml', 'saved_model.pb', 'rust_model.ot'],
    pattern:
      /^openvino|^saved_model|^coreml$|\.(?:tflite|pb|ot|mlmodel|mlpackage|npz|keras|safetensors\.gz)$/,
    advice: `that is not read; ${FROM_ORIGIN}`,
  },
  {
    names: [],
    pattern: /\.(?:pt|pth|ckpt|pkl)$/,
    advice: `a pickle of Python is not read; load it there with its model's class, then ${SAVE}`,
  },
];
/** What browsers and other programs call a file that is still on its way. */
const PARTIAL = /\.(?:part|partial|crdownload|download|incomplete|tmp|aria2)$/i;
const SHARD = /-\d{5}-of-\d{5}\.safetensors$/;

/**
 * @param {Source} files without model.safetensors
 * @returns {Promise<string>} what to do about what is there, to go on after a sentence
 * @throws {UnsupportedError} if they have weights in another format
 */
export async function findOtherWeights(files) {
  const listed = await namesIn(files);
  const tensors = listed.filter((name) => /^[^/]+\.safetensors$/.test(name) && !name.startsWith('adapter_'));
  if (tensors.includes('model.safetensors'))
    return '; what is called so is a folder, or a link to nothing, as when a cache is copied without its blobs';
  if (tensors.some((name) => SHARD.test(name)))
    return `; there is ${tensors.find((name) => SHARD.test(name))}, but no model.safetensors.index.json, which says what each of such files holds`;
  if (tensors.length) return `; there is ${tensors[0]}: rename it if it holds the whole model`;
  const partial = listed.find((name) => PARTIAL.test(name));
  if (partial) return `; there is ${partial}, a download that has not ended`;
  for (const { names, pattern, advice } of FORMATS) {
    const found = listed.find((name) => pattern.test(name)) ?? (await firstOf(files, names));
    if (!found) continue;
    throw new UnsupportedError(`${files.name} has its weights in ${found} only; ${advice}`, { path: found });
  }
  return whatIsIn(files, listed);
}

/** Folders in a folder that are looked into, and names that are told. */
const [MOST_FOLDERS, MOST_TOLD] = [64, 5];

/**
 * What there is in a folder that has no config.json.
 * @param {Source} files
 * @returns {Promise<string>} to go on after a sentence
 * @throws {UnsupportedError} if they have weights in another format
 */
export async function findElsewhere(files) {
  const listed = await namesIn(files);
  if (listed.includes('snapshots') || listed.some((name) => name.startsWith('models--')))
    return "; it is a folder of the hub's cache: pass one that stands in a folder snapshots";
  const inside = new Set(
    listed.flatMap((name) => (name.endsWith('/config.json') ? [name.slice(0, -'/config.json'.length)] : [])),
  );
  for (const name of listed.slice(0, MOST_FOLDERS)) {
    const file = name.includes('/') ? null : await files.find(`${name}/config.json`);
    file?.cancel?.();
    if (file) inside.add(name);
  }
  if (inside.size) return `; there is one in ${told([...inside])}: that is the folder to pass`;
  // A server is not asked for a dozen files of a folder that is not there.
  if (listed.length) await findOtherWeights(files);
  return whatIsIn(files, listed);
}

/** @param {Source} files @param {string[]} listed names in it */
function whatIsIn(files, listed) {
  if (listed.length) return `; it has ${told(listed)}`;
  return files.advice ?? (files.list ? '; there is nothing in it' : '');
}

/** @param {Source} files */
const namesIn = async (files) => [...((await files.list?.()) ?? [])].sort();

/** @param {string[]} names */
const told = (names) =>
  names
    .slice(0, MOST_TOLD)
    .map((name) => JSON.stringify(name))
    .join(', ') + (names.length > MOST_TOLD ? ', …' : '');

/** The first of some files that is there. @param {Source} files @param {string[]} names */
async function firstOf(files, names) {
  for (const name of names) {
    const file = await files.find(name);
    file?.cancel?.();
    if (file) return name;
  }
  return undefined;
}
