/** `wasmformer quantize`: a model's files with its layers and its table of words in 8 bits, and all that `load` reads beside them. */
import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { familyOf } from '../../bindings/architectures/index.js';
import { Instance } from '../../bindings/core/instance.js';
import { parseConfig } from '../../bindings/formats/config.js';
import {
  findJson,
  findText,
  MOST_CONFIG,
  openAllWeights,
  refuseNoConfig,
  WEIGHTS,
} from '../../bindings/loading/files.js';
import { matched } from '../../bindings/loading/matching.js';
import { within } from '../../bindings/loading/modules.js';
import { bytesOf, entriesOf } from '../../bindings/loading/quantise.js';
import { AROUND, BESIDE } from '../../bindings/loading/wanted.js';
import { readList } from '../../bindings/text/sentence_modules.js';
import { loadCore } from '../core.js';
import { openSource } from '../source.js';
import { UsageError } from './arguments.js';
import { compare } from './compare.js';
import { createProgress } from './progress.js';
import { writeAll } from './run.js';

/** @param {import('./arguments.js').Values} values @param {string[]} positionals */
export async function quantize(values, positionals) {
  if (positionals.length !== 2)
    throw new UsageError(`expected a model and a folder to write, not ${positionals.length} names`);
  const [model, out] = positionals;
  if (await stat(join(out, WEIGHTS)).catch(() => null))
    throw new UsageError(`${join(out, WEIGHTS)} is there already; name another folder`);
  const { timeout, revision } = values;
  const files = await openSource(model, { timeout, revision });
  const list = await findJson(files, 'modules.json');
  const [{ path: folder }, ...modules] = list ? readList(list) : [{ path: '' }];
  const own = within(files, folder);
  const text = await findText(own, 'config.json', MOST_CONFIG);
  const config = parseConfig(text ?? (await refuseNoConfig(own)), 'config.json');
  const weights = await openAllWeights(own);
  try {
    const { bound } = matched(familyOf(config), config, weights);
    const inside = modules.flatMap(({ path }) => ['config.json', WEIGHTS].map((name) => `${path}/${name}`));
    const names = [...BESIDE.map((name) => (folder ? `${folder}/${name}` : name)), ...AROUND, ...inside];
    for (const name of names) {
      const file = await files.find(name);
      if (file) await write(join(out, name), file.stream());
    }
    await writeWeights(values, join(out, folder, WEIGHTS), weights, bound);
  } finally {
    for (const { reader } of weights) await reader.close();
  }
  await compare(model, out, { timeout, revision }).catch(async (error) => {
    await rm(join(out, folder, WEIGHTS));
    throw error;
  });
}

/**
 * @param {import('./arguments.js').Values} values
 * @param {string} path
 * @param {import('../../bindings/formats/tensors.js').Weights[]} weights
 * @param {ReturnType<typeof matched>['bound']} bound
 */
async function writeWeights(values, path, weights, bound) {
  const instance = await Instance.create(await loadCore({}));
  const entries = entriesOf(weights, bound);
  const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  const progress = await createProgress(process.stderr, values.progress === true, 'texts', 0);
  let loaded = 0;
  async function* all() {
    yield headerOf(entries);
    for await (const chunk of bytesOf(instance, weights, bound)) {
      yield chunk;
      loaded += chunk.length;
      progress.loading({ file: path, loaded, total });
    }
  }
  try {
    await write(path, all());
  } finally {
    progress.close();
  }
  const before = weights.reduce((sum, { size }) => sum + size, 0);
  const megabytes = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(1);
  process.stderr.write(`${path}: ${megabytes(total)} MB, in place of ${megabytes(before)} MB\n`);
}

/** @param {import('../../bindings/loading/quantise.js').Entry[]} entries */
function headerOf(entries) {
  let end = 0;
  const header = Object.fromEntries(
    entries.map(({ name, dtype, shape, bytes }) => {
      end += bytes;
      return [name, { dtype, shape, data_offsets: [end - bytes, end] }];
    }),
  );
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + Math.ceil(text.length / 8) * 8).fill(0x20); // spaces, so that the data begins at a multiple of 8
  new DataView(bytes.buffer).setBigUint64(0, BigInt(bytes.length - 8), true);
  bytes.set(text, 8);
  return bytes;
}

/** @param {string} path @param {AsyncIterable<Uint8Array>} chunks */
async function write(path, chunks) {
  await mkdir(dirname(path), { recursive: true });
  await writeAll(path, async (sink) => {
    for await (const chunk of chunks) await sink.write(chunk);
  });
}
