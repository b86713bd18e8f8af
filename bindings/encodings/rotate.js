/**
 * The rotation of queries and keys by a rotary table: what a model does in every layer. Not here: the tables (rope.js,
 * rope_grid.js).
 */
import { LAYOUT } from './enums.js';
import { Operands } from './operands.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Tensor } from '../tensor.js'
 */

/** The axes of x by the names of the orders. */
const ORDERS = /** @type {const} */ ({
  bhtd: ['B', 'H', 'T', 'D'],
  bthd: ['B', 'T', 'H', 'D'],
  tbhd: ['T', 'B', 'H', 'D'],
});

/**
 * Rotates pairs of channels of queries or keys by the angles of their tokens.
 *
 * Formula: `out = x cos + rotated(x) sin`; 'half' rotated = `[-x_2 | x_1]` of the halves, 'interleaved' `-x_1, x_0, -x_3, x_2 …`.
 *   Channels beyond the table's and the first `prefix` tokens stay as they are.
 * Models: as in `rope`, `rope2d`, `ropeSections`; partial rotation in GPT-NeoX and Phi; prefix for the class and register
 *   tokens of EVA-02 and DINOv3.
 * Source: Su et al. 2021 (arXiv 2104.09864); transformers `apply_rotary_pos_emb`; timm `apply_rot_embed_cat`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {Tensor} options.x [B, H, T, D] or as `order` says; [T, D] and [B, T, D] (of one head) too
 * @param {Tensor} options.cos [T - prefix, R], of its own for each sequence [B, T - prefix, R], for each head
 *   [H, T - prefix, R] with `tables` 'heads', or [B, H, T - prefix, R]; R channels are rotated
 * @param {Tensor} options.sin of the same shape
 * @param {'half' | 'interleaved'} [options.layout] as the table was made; 'half' by default
 * @param {boolean} [options.repeat] the table holds each angle twice, or once: then 2R channels are rotated; true by default
 * @param {'bhtd' | 'bthd' | 'tbhd'} [options.order] the axes of x; 'bhtd' by default
 * @param {number} [options.prefix] tokens in front that are not rotated; 0 by default
 * @param {'sequences' | 'heads'} [options.tables] what the first of three axes of the table is; 'sequences' by default
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory; may be x's own
 * @returns {Tensor} float32 of x's shape
 * @throws {InputError} an option that is missing, unknown or out of range, among them a table with more channels than x
 * @throws {ShapeError} tensors whose sizes do not fit
 * @example
 * const { cos, sin } = pe.rope({ length: 8, dim: 64 });
 * pe.applyRope({ x: random(1, 12, 8, 64), cos, sin }).shape; // [1, 12, 8, 64]
 */
export function applyRope(core, options) {
  const known = 'x cos sin layout repeat order prefix tables'.split(' ');
  const operands = new Operands('applyRope', options, known);
  const interleaved = operands.choice('layout', ['half', 'interleaved'], 'half') === 'interleaved';
  const repeat = operands.flag('repeat', true);
  const order = operands.choice('order', ['bhtd', 'bthd', 'tbhd'], 'bhtd');
  const prefix = operands.integer('prefix', { min: 0, fallback: 0 });
  const perHead = operands.choice('tables', ['sequences', 'heads'], 'sequences') === 'heads';
  /** @type {Record<string, number>} */
  const sizes = {};
  const x = operands.floats('x', [['T', 'D'], ['B', 'T', 'D'], ORDERS[order]], sizes);
  const { B = 1, H = 1, T, D } = sizes;
  if (prefix >= T) operands.refuse('prefix', `less than the tokens of x, ${T}`);
  const rows = T - prefix;
  const forms = [
    [rows, 'R'],
    [perHead ? H : B, rows, 'R'],
    [B, H, rows, 'R'],
    [B, 1, rows, 'R'],
  ];
  const cosines = operands.floats('cos', forms, sizes);
  const sines = operands.floats('sin', [options.cos.shape], sizes);
  const rotary = repeat ? sizes.R : 2 * sizes.R;
  if (rotary % 2 !== 0) operands.refuse('cos', 'of an even number of columns', sizes.R);
  if (rotary > D) operands.refuse('cos', `of at most the channels of x, ${repeat ? D : D / 2}`, sizes.R);
  const { shape } = options.cos;
  const tables =
    shape.length === 4 ? shape.slice(0, 2) : shape.length === 2 ? [1, 1] : perHead ? [1, H] : [B, 1];
  return operands.result(options.x.shape, 'float32', (out) => {
    const layout = LAYOUT[/** @type {'BHTD'} */ (order.toUpperCase())];
    const turned = [prefix, rotary, ...tables, sizes.R, layout, interleaved ? 1 : 0];
    core.invoke('wf_rotate', [{ out }, x, cosines, sines, B, H, T, D, ...turned]);
  });
}
