/** What heads of the page's digit model have learned to add by offset: the tables of two of its layers, head by head. */
import { load } from '../../web/index.js';
import { base64 } from './photo.js';

/** Counted from 1: an early one, and one in the middle. */
const LAYERS = [1, 3];

export default async function bake() {
  const encoder = await load(new URL('../models/digits/bias/', import.meta.url));
  const tables = LAYERS.map((layer) =>
    encoder.weight(
      `beit.encoder.layer.${layer - 1}.attention.attention.relative_position_bias.relative_position_bias_table`,
    ),
  );
  const [rows, heads] = tables[0].shape;
  const values = Float32Array.from({ length: rows * heads * tables.length }, (_, i) => {
    const [row, head] = [Math.floor(i / (heads * tables.length)), i % (heads * tables.length)];
    return Number(tables[Math.floor(head / heads)].data[row * heads + (head % heads)]);
  });
  const window = (Math.sqrt(rows - 3) + 1) / 2;
  encoder.dispose();
  return { window, heads: heads * tables.length, layers: LAYERS, values: base64(values) };
}
