/**
 * Models of two towers, one for texts and one for pictures, whose vectors are compared. Each tower is a family of its own, with
 * a config in the model's; a model for classes of pictures is the latter alone.
 */
import { ConfigError, show, UnsupportedError } from '../errors.js';
import { refuseUnless } from '../formats/config.js';
import { isObject } from '../formats/json.js';
import { addHead } from './blueprint.js';
import { allKeys, checkKeys } from './ledger.js';
import { single } from './placements.js';
import { architectureOf } from './sizes.js';

/**
 * @typedef {import('../formats/config.js').Config} Config
 * @typedef {import('./index.js').Family} Family
 *
 * @typedef {object} Towers
 * @property {string} modelType
 * @property {string} name what the names of its classes begin with
 * @property {import('./ledger.js').Keys} keys
 * @property {Family} text
 * @property {Family} vision
 * @property {(config: Config) => Record<string, unknown>} [common] keys of the model's that count in both configs
 * @property {boolean} hasBias whether logits have one
 * @property {'softmax' | 'sigmoid'} apply what makes scores of a picture's logits
 */

/** Names of layers that CLIP and SigLIP have in common. */
export const TOWER_PARTS = {
  query: 'self_attn.q_proj',
  key: 'self_attn.k_proj',
  value: 'self_attn.v_proj',
  out: 'self_attn.out_proj',
  norm1: 'layer_norm1',
  up: 'mlp.fc1',
  down: 'mlp.fc2',
  norm2: 'layer_norm2',
};

/** Tables of the text tower. */
export const TOWER_TABLES = /** @type {const} */ ({
  TOKEN_TABLE: 'embeddings.token_embedding.weight',
  POSITION_TABLE: 'embeddings.position_embedding.weight',
});

/**
 * A tower's part of the config; what it lacks has the class' default.
 * @param {Config} config
 * @param {string} key
 * @param {Family} family
 * @param {readonly string[]} known keys of the class
 * @returns {Config}
 */
function partOf(config, key, family, known) {
  // What CLIP's first files have beside it counts alone.
  const old = `${key}_dict`;
  const path = known.includes(old) && isObject(config[old]) ? old : key;
  const part = config[path] ?? {};
  if (!isObject(part)) {
    throw new ConfigError(`config: ${path} is ${show(part)}; expected an object`, { path, value: part });
  }
  refuseUnless(part, { model_type: family.modelTypes }, `config.${path}`);
  return part;
}

/** @param {Towers} towers @returns {Family} */
export const twoTowers = ({ modelType, name, keys, common, hasBias, apply, ...families }) => ({
  modelTypes: [modelType],
  classes: [name],
  get keys() {
    return allKeys(keys);
  },
  blueprint(config, tensors, path) {
    checkKeys(config, keys);
    const of = (/** @type {'text' | 'vision'} */ tower, /** @type {string} */ end) => {
      const part = partOf(config, `${tower}_config`, families[tower], keys.read);
      const whole = { ...part, ...common?.(config), architectures: [name + end] };
      return families[tower].blueprint(whole, tensors, path);
    };
    if (architectureOf(config) === `${name}ForImageClassification`)
      return of('vision', 'ForImageClassification');
    const text = of('text', 'TextModelWithProjection');
    const vision = of('vision', 'VisionModelWithProjection');
    if (!vision.outputs.length) {
      const message =
        'config: vision_config.vision_use_head is false: there are no vectors of pictures to compare';
      throw new UnsupportedError(message, { path: 'vision_use_head', value: false });
    }
    const rows = hasBias ? ['logit_scale', 'logit_bias'] : ['logit_scale'];
    const index = addHead(text.description, { inputs: 1, outputs: rows.length });
    return {
      ...text,
      vision,
      similarity: { head: index, apply },
      placements: [
        ...text.placements,
        ...rows.map((one, i) => single(one, 'HEAD_WEIGHT', { index, part: [i, 1] })),
      ],
      tasks: ['zero-shot-image-classification', ...text.tasks, ...vision.tasks],
    };
  },
});
