/** A folder whose weights are in a format that is not read: which one it is, and what to do about it. */
import { UnsupportedError } from '../errors.js';

/** @typedef {import('./files.js').Source} Source */

const SAVE = 'model.save_pretrained(folder, safe_serialization=True)';
const FROM_ORIGIN = 'take model.safetensors from the model that it was made of';

/**
 * @type {{ names: string[], pattern: RegExp, advice: string }[]} names: where a source cannot list its files, these are
 *   asked for
 */
const FORMATS = [
  {
    names: ['pytorch_model.bin', 'pytorch_model.bin.index.json'],
    pattern: /^(?:pytorch_)?model[\w.-]*\.bin$/,
    advice: `convert them once in Python: model = AutoModel.from_pretrained(folder); ${SAVE}`,
  },
  {
    names: ['tf_model.h5'],
    pattern: /\.h5$/,
    advice: `convert them once in Python, with transformers 4 and TensorFlow: model = AutoModel.from_pretrained(folder, from_tf=True); ${SAVE}`,
  },
  {
    names: ['onnx/model.onnx', 'model.onnx'],
    pattern: /\.onnx$/,
    advice: `ONNX is a graph without the model's own names; ${FROM_ORIGIN}`,
  },
  { names: ['model.gguf'], pattern: /\.gguf$/, advice: `GGUF is not read; ${FROM_ORIGIN}` },
];

/**
 * @param {Source} files without model.safetensors
 * @returns {Promise<string | undefined>} a file of the right format by another name
 * @throws {UnsupportedError} if they have weights in another format
 */
export async function findOtherWeights(files) {
  const listed = (await files.list?.()) ?? [];
  for (const { names, pattern, advice } of FORMATS) {
    const found = listed.find((name) => pattern.test(name)) ?? (await firstOf(files, names));
    if (!found) continue;
    throw new UnsupportedError(`${files.name} has its weights in ${found} only; ${advice}`, { path: found });
  }
  return listed.find((name) => name.endsWith('.safetensors'));
}

/** The first of some files that is there. @param {Source} files @param {string[]} names */
async function firstOf(files, names) {
  for (const name of names) {
    const file = await files.find(name);
    file?.cancel?.();
    if (file) return name;
  }
  return undefined;
}
