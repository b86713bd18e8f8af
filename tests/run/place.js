// Models of the goldens placed in an instance of the core, without an encoder around them. Not a test.
import { readFileSync } from 'node:fs';
import { bind } from '../../bindings/architectures/bind.js';
import { familyOf } from '../../bindings/architectures/index.js';
import { Instance } from '../../bindings/core/instance.js';
import { parseConfig } from '../../bindings/formats/config.js';
import { openWeights } from '../../bindings/formats/tensors.js';
import { loadWeights } from '../../bindings/loading/weights.js';
import { Model } from '../../bindings/run/model.js';
import { loadCore } from '../../web/core.js';

const FOLDER = new URL('../goldens/data/models/', import.meta.url);

export const start = async () => Instance.create(await loadCore({ simd: 'base' }));

/**
 * @param {Instance} instance
 * @param {string} name of a golden
 */
export async function place(instance, name) {
  const read = (/** @type {string} */ file) => readFileSync(new URL(`${name}/${file}`, FOLDER));
  const config = parseConfig(read('config.json').toString());
  const bytes = new Uint8Array(read('model.safetensors'));
  const stream = async function* () {
    yield bytes;
  };
  const weights = await openWeights({ size: bytes.length, stream }, name);
  const blueprint = familyOf(config).blueprint(config, weights.tensors, name);
  const model = new Model(instance, blueprint, 64);
  const bound = bind(blueprint.placements, blueprint.description, weights.tensors, name);
  await loadWeights(instance, [model], [{ weights, bound }], () => undefined);
  return model;
}
