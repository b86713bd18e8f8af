/** The tables that demo/bake/tastes.js has taken from the page's digit model. */
import { Tensor } from '../../../../../bindings/tensor.js';

/** @param {{ heads: number, values: string }} baked @returns {Tensor<'float32'>} [offsets and 3 of the class token, heads] */
export function learnedTable({ heads, values }) {
  const bytes = Uint8Array.from(atob(values), (letter) => letter.charCodeAt(0));
  const data = new Float32Array(bytes.buffer);
  return new Tensor('float32', data, [data.length / heads, heads]);
}
