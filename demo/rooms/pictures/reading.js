/**
 * A picture read by an encoder, and what is asked of it: all that this room takes from the library. It runs in the room's thread,
 * and in Node for what the room starts with.
 */
import { patchColours, patchSimilarity, rollout } from '../../../web/index.js';

/**
 * @import { Encoder } from '../../../bindings/tasks/encoder.js'
 * @import { Picture } from '../../../bindings/public.js'
 * @import { Tensor } from '../../../bindings/tensor.js'
 *
 * @typedef {object} Facts what is known of a picture that has been read
 * @property {number} rows of patches
 * @property {number} columns
 * @property {number} layers that can be asked for, counted from 1; the last one is the network's result
 * @property {number} heads of each layer; 0 where there are no maps
 * @property {boolean} hasClassToken whose look the maps of heads show; else the mean of all patches' looks
 * @property {string} lacks why there are no maps, for the page; '' where there are
 *
 * @typedef {object} Reading
 * @property {Facts} facts
 * @property {(row: number, column: number) => Float32Array[]} like for each layer the cosines of a patch to all
 * @property {(layer: number, head: number) => Float32Array} look where the class token looks: a share for each patch, and last what
 *   goes to other tokens; head 0 is the mean of all, layer 0 the rollout through all
 * @property {(row: number, column: number) => Float32Array} heads where a patch looks: such shares for each head of each layer
 * @property {Tensor} vectors [patches, D] of the result
 * @property {(layer: number) => Float32Array} colours red, green, blue of each patch, each from 0 to 1
 */

/** Bytes of maps that a tab is asked to hold. */
const MOST_MAPS = 400e6;

/**
 * @param {Encoder} encoder
 * @param {Picture} picture
 * @param {{ signal?: AbortSignal }} [options]
 * @returns {Promise<Reading>}
 */
export async function readPicture(encoder, picture, { signal } = {}) {
  const inputs = await encoder.preprocess(picture, { signal });
  const bytes = mapBytes(encoder.config, inputs.pixel_values.shape);
  const found = /** @type {any} */ (
    await encoder.forward(inputs, { hidden_states: true, attentions: bytes <= MOST_MAPS, signal })
  );
  const outputs = found.vision_model_output ?? found;
  const { rows, columns, prefix, classToken, windows } = outputs.patches;
  const [patches, tokens] = [rows * columns, prefix + rows * columns];
  // Swin's stages have patches of their own: only the last one's are those of the result.
  const isWhole =
    !windows && outputs.hidden_states.every((/** @type {any} */ state) => state.shape[1] === tokens);
  const layers = isWhole ? outputs.hidden_states.length - 1 : 1;
  /** @type {any[]} [1, H, T, T] of each layer */
  const maps = (!windows && outputs.attentions) || [];
  const heads = maps[0]?.shape[1] ?? 0;
  const which = (/** @type {number} */ layer) => (layer === layers ? undefined : layer);

  /** The row of a token in the map of one head, or in the mean of all. @param {number} token @param {number} layer @param {number} head */
  function rowOf(token, layer, head) {
    const { data } = maps[layer - 1];
    const row = (/** @type {number} */ of) =>
      data.subarray((of * tokens + token) * tokens, (of * tokens + token + 1) * tokens);
    if (head) return sharesOf(row(head - 1));
    return meanOf(Array.from({ length: heads }, (_, of) => sharesOf(row(of))));
  }
  /** The patches' part, and behind it the sum of the rest. @param {Float32Array} row [T] */
  function sharesOf(row) {
    const out = new Float32Array(patches + 1);
    out.set(row.subarray(prefix));
    for (let i = 0; i < prefix; i++) out[patches] += row[i];
    return out;
  }
  /** @type {Map<number, Float32Array>} */
  const painted = new Map();
  return {
    facts: {
      ...{ rows, columns, layers, heads, hasClassToken: classToken },
      lacks: heads
        ? ''
        : windows
          ? 'its maps lie within windows'
          : `they would take ${(bytes / 1e9).toFixed(1)} GB`,
    },
    vectors: outputs.last_hidden_state.slice(0).slice([prefix, tokens]),
    like: (row, column) =>
      Array.from({ length: layers }, (_, i) =>
        Float32Array.from(patchSimilarity(outputs, { row, column, layer: which(i + 1) }).data, Number),
      ),
    look(layer, head) {
      if (!layer) {
        const shares = Float32Array.from(rollout(outputs).data, Number);
        const rest = 1 - shares.reduce((a, b) => a + b, 0);
        return Float32Array.from([...shares, Math.max(rest, 0)]);
      }
      if (classToken) return rowOf(0, layer, head);
      return meanOf(Array.from({ length: patches }, (_, i) => rowOf(prefix + i, layer, head)));
    },
    heads(row, column) {
      const token = prefix + row * columns + column;
      const out = new Float32Array(layers * heads * (patches + 1));
      for (let i = 0; i < layers * heads; i++)
        out.set(rowOf(token, Math.floor(i / heads) + 1, (i % heads) + 1), i * (patches + 1));
      return out;
    },
    colours(layer) {
      const made =
        painted.get(layer) ?? Float32Array.from(patchColours(outputs, { layer: which(layer) }).data, Number);
      painted.set(layer, made);
      return made;
    },
  };
}

/** @param {Float32Array[]} rows */
function meanOf(rows) {
  const out = new Float32Array(rows[0].length);
  for (const row of rows) for (let i = 0; i < out.length; i++) out[i] += row[i] / rows.length;
  return out;
}

/** What the attention maps of all layers take. @param {any} config @param {readonly number[]} pixels [1, 3, H, W] */
function mapBytes({ vision_config: inner, ...outer }, [, , height, width]) {
  const {
    patch_size: patch = 16,
    num_hidden_layers: layers = 12,
    num_attention_heads: heads = 12,
  } = {
    ...outer,
    ...inner,
  };
  const [high, wide] = [patch].flat().length === 2 ? patch : [patch, patch];
  const tokens = Math.floor(height / high) * Math.floor(width / wide) + 1;
  return Array.isArray(heads) ? 0 : 4 * layers * heads * tokens ** 2;
}

/** How large the picture is that shows where the processor cuts. */
const PROBE = 640;

/**
 * Which part of a picture the network sees, asked of the processor itself: a picture whose colours tell their place goes through it.
 * @param {Encoder} encoder
 * @param {{ width: number, height: number }} size of the picture
 * @returns {Promise<{ left: number, top: number, width: number, height: number }>} shares of the picture; outside 0 to 1 it is padded
 */
export async function seenPart(encoder, size) {
  const scale = Math.min(PROBE / Math.max(size.width, size.height), 1);
  const [width, height] = [size.width, size.height].map((side) => Math.max(Math.round(side * scale), 2));
  const pixels = async (/** @type {(x: number, y: number) => number[]} */ colour, w = width, h = height) => {
    const data = new Uint8Array(w * h * 3);
    for (let i = 0; i < w * h; i++) data.set(colour(i % w, Math.floor(i / w)).map(Math.round), i * 3);
    return (await encoder.preprocess({ data, width: w, height: h, channels: 3 })).pixel_values;
  };
  const [black, white] = [await pixels(() => [0, 0, 0], 64, 64), await pixels(() => [255, 255, 255], 64, 64)];
  const { data, shape } = await pixels((x, y) => [(255 * x) / (width - 1), (255 * y) / (height - 1), 0]);
  const [, , rows, columns] = shape;
  const plane = rows * columns;
  /** @param {number} channel @param {number} count @param {(i: number) => number} at @param {number} side */
  function lineOf(channel, count, at, side) {
    const middle = (/** @type {any} */ of) =>
      Number(of.data[channel * plane + Math.floor((rows * columns + columns) / 2)]);
    const [zero, one] = [middle(black), middle(white)];
    const points = Array.from({ length: count }, (_, i) => {
      const value = (Number(data[channel * plane + at(i)]) - zero) / (one - zero);
      return [(i + 0.5) / count, (value * (side - 1) + 0.5) / side];
    }).slice(Math.floor(count / 8), Math.ceil((count * 7) / 8));
    const [x, y] = [0, 1].map((k) => points.reduce((sum, point) => sum + point[k], 0) / points.length);
    const spread = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
    const slope = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / spread;
    return [y - slope * x, slope];
  }
  const [left, wide] = lineOf(0, columns, (i) => Math.floor(rows / 2) * columns + i, width);
  const [top, high] = lineOf(1, rows, (i) => i * columns + Math.floor(columns / 2), height);
  return { left, top, width: wide, height: high };
}
