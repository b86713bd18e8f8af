/**
 * Tutorial 4: a vision transformer on a picture, without a checkpoint, and the table of CLIP's attention pool.
 *
 * The original (a question and answer on `model.pos_embed`, csdn) has a ViT of one `nn.TransformerEncoderLayer` and one line
 * of CLIP. What is wrong there:
 * - The patches come out as [B, patches p², 3], so that `Linear(3 p², dim)` raises. Here each patch is one row of 3 p²
 *   numbers, channel by channel, as a convolution has them.
 * - The layer's default is `batch_first=False`: it attends from picture to picture, not from patch to patch. Here it is
 *   patch to patch.
 * - It adds `pos_embed[:, :patches + 1]`, the table's first rows, whatever the picture: those of a smaller one get positions of
 *   other places on the grid. So it is here too; a picture with more patches than the table has rows is refused.
 * - `class_embed` is never used; the average for the classifier runs over all tokens, the class token included.
 * - Of CLIP's table it says that row 0 belongs to padding: it belongs to the mean of all cells, which goes first. And the
 *   sine and cosine formula beside it is not what that table is: it is random, and learned.
 */
import { encodings, load } from 'wasmformer';
import { drawHeatMap } from '../../web/plot/heat-map.js';
import { encodePng } from '../../web/plot/png.js';
import { filled, randomTensors, runAsProgram, save } from './tools.js';

/** @typedef {import('wasmformer').Tensor} Tensor */

const CONFIG = {
  ...{ model_type: 'vanilla_vit', image_size: 32, patch_size: 8, num_labels: 10 },
  ...{ hidden_size: 64, num_attention_heads: 8, intermediate_size: 2048, num_hidden_layers: 1 },
  ...{ hidden_act: 'relu', norm: 'post', layer_norm_eps: 1e-5 },
};

/** @typedef {Partial<typeof CONFIG>} Sizes */

/** @param {typeof CONFIG} config @returns {Record<string, Tensor>} */
function randomWeights(config) {
  const random = randomTensors(4);
  const { hidden_size: width, intermediate_size: inner, patch_size: side, num_labels: labels } = config;
  const linear = (
    /** @type {string} */ name,
    /** @type {number} */ outputs,
    /** @type {number} */ inputs,
  ) => ({
    [`${name}weight`]: random([outputs, inputs], 1 / Math.sqrt(inputs)),
    [`${name}bias`]: random([outputs], 1 / Math.sqrt(inputs)),
  });
  const norm = (/** @type {string} */ name) => ({
    [`${name}.weight`]: filled([width], () => 1),
    [`${name}.bias`]: filled([width], () => 0),
  });
  return {
    cls_token: random([1, 1, width], 1),
    pos_embed: random([1, 1 + Math.floor(config.image_size / side) ** 2, width], 1),
    ...linear('patch_embed.', width, 3 * side * side),
    ...linear('transformer.self_attn.in_proj_', 3 * width, width),
    ...linear('transformer.self_attn.out_proj.', width, width),
    ...linear('transformer.linear1.', inner, width),
    ...linear('transformer.linear2.', width, inner),
    ...norm('transformer.norm1'),
    ...norm('transformer.norm2'),
    ...linear('linear.', labels, width),
  };
}

/** A red sun over blue water, drawn by rule: [1, 3, side, side], values from 0 to 1. */
export function picture(side = CONFIG.image_size) {
  return filled([1, 3, side, side], (i) => {
    const [channel, y, x] = [Math.floor(i / side / side), Math.floor(i / side) % side, i % side];
    const isSun = (x - 20) ** 2 + (y - 10) ** 2 < 36;
    const color = isSun
      ? [0.95, 0.3, 0.2]
      : y < 20
        ? [0.9 - y / 40, 0.8, 0.6 + y / 80]
        : [0.1, 0.3, 0.5 + (x % 4) / 20];
    return color[channel];
  });
}

/**
 * @param {object} [given]
 * @param {Sizes} [given.config] what differs from the sizes above: img_size, patch_size, num_classes and dim of the original,
 *   by their names here
 * @param {Record<string, Tensor>} [given.tensors] random ones by default
 * @param {Tensor} [given.pixel_values] [B, 3, H, W], of image_size or smaller
 * @returns {Promise<{ logits: Tensor, last_hidden_state: Tensor, attentions: Tensor[] }>} [B, num_labels], [B, T, hidden_size],
 *   [B, heads, T, T]; T: 1 and the patches
 */
export async function classify({ config: sizes = {}, tensors, pixel_values } = {}) {
  const config = { ...CONFIG, ...sizes };
  const vit = await load({ config, tensors: tensors ?? randomWeights(config) });
  const pixels = pixel_values ?? picture(config.image_size);
  const { logits, last_hidden_state, attentions } = await vit.forward(
    { pixel_values: pixels },
    { attentions: true },
  );
  vit.dispose();
  return { logits, last_hidden_state, attentions };
}

/**
 * What CLIP's attention pool attends to: the mean of a feature map's cells, then the cells, with the table added.
 * @param {{ x?: Tensor, table?: Tensor }} [given] [B, C, h, w], [1 + h w, C]
 * @returns {Promise<Tensor>} [B, 1 + h w, C]
 */
export async function clipTokens({
  x = randomTensors(5)([1, 16, 7, 7], 1),
  table = randomTensors(6)([50, 16], 1 / Math.sqrt(16)),
} = {}) {
  const pe = await encodings();
  const { tokens } = pe.attentionPoolTable({ x, table, preset: 'clip' });
  pe.dispose();
  return tokens;
}

/** A picture's pixels, each as large as a square. @param {Tensor} pixels [1, 3, side, side] @param {number} square */
function enlarged({ data, shape: [, , side] }, square) {
  const width = side * square;
  const pixelOf = (/** @type {number} */ i) => {
    const [y, x, channel] = [Math.floor(i / 3 / width), Math.floor(i / 3) % width, i % 3];
    return 255 * Number(data[(channel * side + Math.floor(y / square)) * side + Math.floor(x / square)]);
  };
  return {
    width,
    height: width,
    pixels: Uint8Array.from({ length: 3 * width * width }, (_, i) => pixelOf(i)),
  };
}

async function main() {
  const { logits, last_hidden_state: tokens, attentions } = await classify();
  console.log(`tokens: [${tokens.shape}], a class token and 4 x 4 patches`);
  console.log('logits of the ten classes:', logits.tolist());
  console.log(`CLIP's tokens: [${(await clipTokens()).shape}]`);
  await save('4-picture.png', await encodePng(enlarged(picture(), 8)));
  const maps = drawHeatMap(attentions[0].slice(0), {
    title: 'attention by head',
    rows: 'query',
    columns: 'key',
  });
  await save('4-attention.png', await encodePng(maps));
}

await runAsProgram(import.meta.url, main);
