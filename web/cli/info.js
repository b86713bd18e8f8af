/** `wasmformer info`: a model is loaded, and what it is is found out. Not here: how that is told (describe.js). */
import { withoutScales } from '../../bindings/architectures/bind.js';
import { familyOf } from '../../bindings/architectures/index.js';
import { ignoredKeys } from '../../bindings/architectures/ledger.js';
import { sizeOfShape } from '../../bindings/arrays.js';
import { openAllWeights } from '../../bindings/loading/files.js';
import { findSentenceTransformer, within } from '../../bindings/loading/modules.js';
import { load, loadTokenizer } from '../index.js';
import { openSource } from '../source.js';
import { UsageError } from './arguments.js';
import { describe } from './describe.js';
import { toJson } from './printable.js';
import { loading } from './run.js';

/** @typedef {import('./arguments.js').Values} Values */

/** @param {Values} values @param {string[]} positionals */
export async function info(values, positionals) {
  if (positionals.length !== 1) throw new UsageError(`expected one folder, not ${positionals.length}`);
  const [folder] = positionals;
  const { timeout, revision } = values;
  const encoder = await load(folder, loading(values));
  const memory = process.memoryUsage.rss();
  const files = await openSource(folder, { timeout, revision, wanted: () => [] });
  const { folder: inside, told } = await findSentenceTransformer(files);
  const sentence = await told;
  const { tensors, bytes } = await listTensors(within(files, inside));
  const own = withoutScales(tensors);
  const family = familyOf(encoder.config);
  const { description, vision } = family.blueprint(encoder.config, own, folder);
  const { vocabulary, positions } = description;
  const tokenizer = vocabulary ? await loadTokenizer(folder, { timeout, revision }).catch(() => null) : null;
  /** @type {Record<string, number>} */
  const dtypes = {};
  for (const { dtype, shape } of own.values()) {
    if (/^(?:F|BF)\d|^I8$/.test(dtype)) dtypes[dtype] = (dtypes[dtype] ?? 0) + sizeOfShape(shape);
  }
  const facts = {
    model: encoder.modelType,
    architectures: [encoder.config.architectures].flat().filter((name) => typeof name === 'string'),
    tasks: encoder.tasks,
    sizes: { ...sizesOf(description), vocabulary, positions },
    ...(vision && { vision: sizesOf(vision.description) }),
    parameters: Object.values(dtypes).reduce((a, b) => a + b, 0),
    dtypes,
    bytes,
    max_length: Number.isFinite(encoder.maxLength) ? encoder.maxLength : null,
    dimensions: encoder.dimensions,
    pooling: encoder.pooling,
    normalize: sentence?.normalize ?? false,
    ignored: family.keys ? ignoredKeys(encoder.config, family.keys) : [],
    ignored_by_tokenizer: [...(tokenizer?.ignored ?? [])],
    build: encoder.build,
    memory,
  };
  process.stdout.write(values.json ? `${toJson(facts, 2)}\n` : describe(facts));
}

/** @param {import('../../bindings/architectures/blueprint.js').ModelDescription} description */
function sizesOf({ layers, width, kind: [{ heads, head_width, inner }] }) {
  return { layers, width, heads, head_width, feed_forward: inner };
}

/** The tensors of all files of weights, by name, and the bytes of the files. @param {import('../source.js').Source} files */
async function listTensors(files) {
  const weights = await openAllWeights(files);
  for (const { reader } of weights) await reader.close();
  return {
    tensors: new Map(weights.flatMap((file) => [...file.tensors])),
    bytes: weights.reduce((sum, { size }) => sum + size, 0),
  };
}
