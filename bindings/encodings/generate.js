/**
 * Fills tables with sines and cosines: tables over an even grid chunk by chunk, so that the result's memory is written
 * once while the chunk stays in the cache, and tables over any coordinates in one call. Not here: options and what the
 * columns mean.
 */
import { allocate } from '../arrays.js';

/** @import { Instance } from '../core/instance.js' */

/** Bytes of a chunk: within every cache of the second level. */
const CHUNK = 2 ** 18;
/** Rows that the core makes at once. */
const STEP = 8;

/** How a row holds its sines and cosines: flags of c/wasmformer.h. */
export const SINCOS = { HALVES: 1, COSINE_FIRST: 2 };

/**
 * The memory that an instance keeps for tables in the making: the instance's own, so it ends with it.
 * @type {WeakMap<Instance, { address: number, bytes: number }>}
 */
const workspaces = new WeakMap();

/** @param {number} bytes */
const align = (bytes) => Math.ceil(bytes / 64) * 64;

/** @param {Instance} core @param {number} bytes @returns {number} their address, valid until the next call */
function workspace(core, bytes) {
  const known = workspaces.get(core);
  if (known && known.bytes >= bytes) return known.address;
  const room = Math.max(bytes, 2 * (known?.bytes ?? 0));
  const address = core.reserve(room);
  workspaces.set(core, { address, bytes: room });
  return address;
}

/**
 * The frequencies base^(-i / divisor) of `count` pairs.
 * @param {Instance} core
 * @param {number} count
 * @param {number} base
 * @param {number} divisor
 */
export function frequenciesOf(core, count, base, divisor) {
  const out = new Float64Array(count);
  core.invoke('wf_frequencies', [{ out }, count, base, divisor]);
  return out;
}

/**
 * A table over an even grid of positions: row r is of start + r step.
 * @typedef {object} Grid
 * @property {Float64Array} frequencies
 * @property {number} rows
 * @property {number} width columns of a row, at least 2 pairs - 1
 * @property {number} layout a sum of SINCOS
 * @property {number} start
 * @property {number} step
 */

/** @param {Instance} core @param {Grid} grid @returns {number} bytes of the core's state for it */
const stateSize = (core, { frequencies, width }) =>
  align(core.call('wf_sincos_space', frequencies.length, width));

/** @param {Instance} core @param {number} state @param {Grid} grid */
function begin(core, state, { frequencies, width, layout, start, step }) {
  core.invoke('wf_sincos_begin', [state, frequencies, frequencies.length, width, layout, start, step]);
}

/** Rows of a chunk, a multiple of what the core makes at once. @param {number} rows @param {number} width */
const chunkRows = (rows, width) =>
  STEP * Math.max(1, Math.min(Math.floor(CHUNK / (4 * width * STEP)), Math.ceil(rows / STEP)));

/** Fills out [rows, width] with a grid's table. @param {Instance} core @param {Float32Array} out @param {Grid} grid */
export function fillGrid(core, out, grid) {
  const { rows, width } = grid;
  const most = chunkRows(rows, width);
  const bytes = stateSize(core, grid);
  const state = workspace(core, bytes + 4 * most * width);
  begin(core, state, grid);
  for (let row = 0; row < rows; row += most) {
    const count = Math.min(most, rows - row);
    core.invoke('wf_sincos_next', [state + bytes, state, count]);
    core.read(out.subarray(row * width, (row + count) * width), state + bytes);
  }
}

/**
 * @typedef {{ axis: number, from: number, length: number, to: number }} Part columns of an axis' table, from `from` on,
 *   that become columns of the result from `to` on
 */

/**
 * Fills out [rows of all axes, width], row-major over up to three axes, with columns of the axes' own tables.
 * @param {Instance} core
 * @param {Float32Array} out
 * @param {number} width
 * @param {Grid[]} axes slowest first
 * @param {Part[]} parts
 */
export function fillAxes(core, out, width, axes, parts) {
  const sizes = [1, 1, ...axes.map((axis) => axis.rows)].slice(-3);
  const rows = sizes[0] * sizes[1] * sizes[2];
  const most = chunkRows(rows, width);
  const states = Math.max(...axes.map((axis) => stateSize(core, axis)));
  const places = [0];
  for (const axis of axes) places.push(places[places.length - 1] + axis.rows * axis.width);
  const tableSize = places[axes.length];
  const state = workspace(core, states + align(4 * tableSize) + 4 * most * width);
  const tables = state + states;
  axes.forEach((axis, i) => {
    begin(core, state, axis);
    core.invoke('wf_sincos_next', [tables + 4 * places[i], state, axis.rows]);
  });
  const numbers = parts.flatMap(({ axis, from, length, to }) => [
    axis + 3 - axes.length,
    places[axis] + from,
    axes[axis].width,
    length,
    to,
  ]);
  const plan = Uint32Array.from(numbers);
  const chunk = tables + align(4 * tableSize);
  for (let row = 0; row < rows; row += most) {
    const count = Math.min(most, rows - row);
    const place = [row, count, sizes[1], sizes[2], width];
    core.invoke('wf_grid_rows', [chunk, tables, plan, parts.length, tableSize, ...place]);
    core.read(out.subarray(row * width, (row + count) * width), chunk);
  }
}

/**
 * A table over any coordinates: wf_sinusoids.
 * @typedef {object} Sinusoids
 * @property {Float64Array} coordinates [tokens, axes]
 * @property {Float64Array} frequencies [axes, pairs]
 * @property {Int32Array} targets [pairs, 4]: the columns of a pair's sine, twice, and of its cosine, twice; -1 for none
 * @property {Int32Array} [copies] [axes]: columns that get the coordinates
 * @property {number} [axes] 1 by default
 * @property {number} width
 * @property {number} [gain] multiplies all values; 1 by default
 */

/**
 * @param {Instance} core
 * @param {Float32Array} sines also of the cosines if those are null
 * @param {Float32Array | null} cosines
 * @param {Sinusoids} plan
 */
export function fillSinusoids(
  core,
  sines,
  cosines,
  { coordinates, frequencies, targets, copies, axes = 1, width, gain = 1 },
) {
  const sizes = [coordinates.length / axes, axes, frequencies.length / axes, width, gain];
  const results = [{ out: sines }, cosines && { out: cosines }];
  core.invoke('wf_sinusoids', [...results, coordinates, frequencies, targets, copies ?? null, ...sizes]);
}

/**
 * The columns of pairs, two functions each.
 * @param {number} pairs
 * @param {(pair: number) => { sine?: number[], cosine?: number[] }} columnsOf
 * @returns {Int32Array} targets of fillSinusoids
 */
export function targetsOf(pairs, columnsOf) {
  const targets = allocate(Int32Array, 4 * pairs).fill(-1);
  for (let k = 0; k < pairs; k++) {
    const { sine = [], cosine = [] } = columnsOf(k);
    targets.set(sine, 4 * k);
    targets.set(cosine, 4 * k + 2);
  }
  return targets;
}
