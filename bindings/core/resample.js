/**
 * Learned tables on another grid: the one way that models and the encodings resample them. Not here: options and presets
 * (encodings/resample.js), which way a model takes (architectures/).
 */
import { allocate } from '../arrays.js';

/** @import { Instance } from './instance.js' */

/** wf_resample_options; values are added. */
export const RESAMPLE = { CUBIC: 1, ANTIALIAS: 2, ALIGN_CORNERS: 4 };

/** How axes are resampled. @typedef {{ mode: string, antialias?: boolean, alignCorners?: boolean, scaleOffset?: number }} Method */

/**
 * Resamples x [from[0], from[1], dim] to [to[0], to[1], dim]; equal sizes are copied.
 * @param {Instance} core
 * @param {Float32Array} out
 * @param {Float32Array} x
 * @param {readonly number[]} from
 * @param {readonly number[]} to
 * @param {number} dim
 * @param {Method} method
 */
export function resampleGrid(
  core,
  out,
  x,
  from,
  to,
  dim,
  { mode, antialias, alignCorners, scaleOffset = 0 },
) {
  if (from[0] === to[0] && from[1] === to[1]) return out.set(x);
  const cubic = mode.endsWith('cubic') ? RESAMPLE.CUBIC : 0;
  const flags = cubic + (antialias ? RESAMPLE.ANTIALIAS : 0) + (alignCorners ? RESAMPLE.ALIGN_CORNERS : 0);
  const [rowStep, columnStep] = to.map((side, axis) => (scaleOffset ? from[axis] / (side + scaleOffset) : 0));
  const rows = allocate(Float32Array, to[0] * from[1] * dim);
  core.invoke('wf_resample_axis', [{ out: rows }, x, 1, from[0], to[0], from[1] * dim, rowStep, flags]);
  core.invoke('wf_resample_axis', [{ out }, rows, to[0], from[1], to[1], dim, columnStep, flags]);
}
