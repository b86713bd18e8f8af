/** Two towers in one model: texts and pictures become vectors that are compared. Reference: CLIPModel, SiglipModel. */
import { InputError, show } from '../errors.js';
import { didYouMean, misspelt } from '../options/nearest.js';
import { Tensor } from '../tensor.js';
import { forward } from './forward.js';

/**
 * @import { ForwardOptions } from '../public.js'
 * @typedef {import('./model.js').Model} Model
 * @typedef {{ model: Model, vision: Model, instance: import('../core/instance.js').Instance }} Towers
 */

/** The names under which a tower alone gives its vectors. */
const VECTORS = ['text_embeds', 'image_embeds', 'pooler_output'];

/**
 * A forward of both towers, or of the one that has inputs.
 * @param {Towers} towers
 * @param {any} inputs
 * @param {ForwardOptions} options
 * @returns {Promise<any>} towers nest, as in transformers; text_embeds and image_embeds have unit length
 */
export async function forwardTowers(towers, inputs, options) {
  const { pixel_values: pixels = null, ...texts } = Object(inputs);
  for (const key of Object.keys(texts)) {
    if (misspelt(key, ['pixel_values']) === undefined) continue;
    const message = `inputs have ${show(key)}${didYouMean(key, ['pixel_values'])}; expected {input_ids, attention_mask, pixel_values}`;
    throw new InputError(message, { path: key, value: inputs });
  }
  const hasTexts = Object.values(texts).some((value) => (value ?? null) !== null);
  const text = hasTexts || pixels === null ? await tower(towers.model, texts, options) : null;
  const image = pixels === null ? null : await tower(towers.vision, { pixel_values: pixels }, options);
  return {
    ...(text && image && logitsOf(towers, text.unit, image.unit)),
    ...(text && { text_embeds: text.unit, text_model_output: text.output }),
    ...(image && { image_embeds: image.unit, vision_model_output: image.output }),
  };
}

/**
 * @param {Model} model
 * @param {Record<string, any>} inputs
 * @param {ForwardOptions} options
 * @returns {Promise<{ unit: Tensor, output: any }>} its vectors, scaled to unit length, and what it gives
 */
async function tower(model, inputs, options) {
  const { last_hidden_state, hidden_states, attentions, trace, patches, ...rest } = await forward(
    model,
    inputs,
    options,
  );
  const pooler_output = rest[VECTORS.find((name) => rest[name]) ?? ''];
  const { data, shape } = pooler_output;
  return {
    unit: new Tensor('float32', model.normalize(data, shape[1]), shape),
    output: {
      ...{ last_hidden_state, pooler_output },
      ...(hidden_states && { hidden_states }),
      ...(attentions && { attentions }),
      ...(trace && { trace }),
      ...(patches && { patches }),
    },
  };
}

/**
 * Cosines of texts and pictures, scaled.
 * @param {Towers} towers
 * @param {Tensor} texts [n, D] of unit length
 * @param {Tensor} images [m, D] of unit length
 */
export function logitsOf({ model, instance }, texts, images) {
  const { head } = /** @type {NonNullable<typeof model.blueprint.similarity>} */ (model.blueprint.similarity);
  const kept = new Float32Array(model.description.head[head].outputs);
  model.output(kept, { poolings: [], heads: [head] }, Float32Array.of(1));
  const [scale, bias = 0] = kept;
  const [n, width] = texts.shape;
  const m = images.shape[0];
  const scaled = /** @type {Float32Array} */ (texts.data).map((value) => value * Math.exp(scale));
  const biases = new Float32Array(m).fill(bias);
  const out = new Float32Array(n * m);
  const arrays = [{ out }, scaled, /** @type {Float32Array} */ (images.data), biases];
  if (out.length) instance.invoke('wf_project', [...arrays, n, width, m]);
  const turned = out.map((_, i) => out[(i % n) * m + Math.floor(i / n)]);
  return {
    logits_per_image: new Tensor('float32', turned, [m, n]),
    logits_per_text: new Tensor('float32', out, [n, m]),
  };
}
