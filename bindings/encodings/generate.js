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

/** Bytes of a chunk of out. @param {Float32Array} out @param {number} width */
const chunkBytes = (out, width) => 4 * chunkRows(out.length / width, width) * width;

/**
 * Fills out [rows, width] by chunks.
 * @param {Instance} core
 * @param {Float32Array} out
 * @param {number} width
 * @param {number} chunk its address
 * @param {(row: number, count: number) => void} write writes rows there
 */
function inChunks(core, out, width, chunk, write) {
  const rows = out.length / width;
  const most = chunkRows(rows, width);
  for (let row = 0; row < rows; row += most) {
    const count = Math.min(most, rows - row);
    write(row, count);
    core.read(out.subarray(row * width, (row + count) * width), chunk);
  }
}

/** Fills out [rows, width] with a grid's table. @param {Instance} core @param {Float32Array} out @param {Grid} grid */
export function fillGrid(core, out, grid) {
  const bytes = stateSize(core, grid);
  const state = workspace(core, bytes + chunkBytes(out, grid.width));
  begin(core, state, grid);
  inChunks(core, out, grid.width, state + bytes, (_, count) =>
    core.invoke('wf_sincos_next', [state + bytes, state, count]),
  );
}

/**
 * Fills out [rows of all axes, width], row-major over up to three axes, with columns of the axes' own tables. Rows in front, if
 * out has more, are 0.
 * @param {Instance} core
 * @param {Float32Array} out
 * @param {number} width
 * @param {Grid[]} axes slowest first
 * @param {number[][]} parts [axis, from, length]: columns of an axis' table, from `from` on; they stand side by side, and what
 *   goes beyond the width is cut off
 */
export function fillAxes(core, out, width, axes, parts) {
  const sizes = [1, 1, ...axes.map((axis) => axis.rows)].slice(-3);
  const first = out.length - sizes[0] * sizes[1] * sizes[2] * width;
  const cells = out.fill(0, 0, first).subarray(first);
  const states = Math.max(...axes.map((axis) => stateSize(core, axis)));
  const places = [0];
  for (const axis of axes) places.push(places[places.length - 1] + axis.rows * axis.width);
  const tableSize = places[axes.length];
  const state = workspace(core, states + align(4 * tableSize) + chunkBytes(cells, width));
  const tables = state + states;
  axes.forEach((axis, i) => {
    begin(core, state, axis);
    core.invoke('wf_sincos_next', [tables + 4 * places[i], state, axis.rows]);
  });
  let to = 0;
  const columns = parts.flatMap(([axis, from, length]) => {
    const count = Math.min(length, width - to);
    to += count;
    return count === 0
      ? []
      : [axis + 3 - axes.length, places[axis] + from, axes[axis].width, count, to - count];
  });
  const plan = Uint32Array.from(columns);
  const chunk = tables + align(4 * tableSize);
  inChunks(core, cells, width, chunk, (row, count) => {
    const place = [row, count, sizes[1], sizes[2], width];
    core.invoke('wf_grid_rows', [chunk, tables, plan, plan.length / 5, tableSize, ...place]);
  });
}

/**
 * Fills a table over any coordinates: wf_sinusoids.
 * @param {Instance} core
 * @param {Float32Array} sines [tokens, width], also of the cosines if those are null
 * @param {Float32Array | null} cosines
 * @param {object} of
 * @param {Float64Array} of.coordinates [tokens, axes]
 * @param {Float64Array} of.frequencies [axes, pairs]
 * @param {Int32Array} of.targets [pairs, 4]: the columns of a pair's sine, twice, and of its cosine, twice; -1 for none
 * @param {Int32Array | null} [of.copies] [axes]: columns that get the coordinates
 * @param {number} [of.axes]
 * @param {number} [of.gain] multiplies all values
 */
export function fillSinusoids(core, sines, cosines, of) {
  const { coordinates, frequencies, targets, copies = null, axes = 1, gain = 1 } = of;
  const tokens = coordinates.length / axes;
  const sizes = [tokens, axes, frequencies.length / axes, sines.length / tokens, gain];
  const results = [{ out: sines }, cosines && { out: cosines }];
  core.invoke('wf_sinusoids', [...results, coordinates, frequencies, targets, copies, ...sizes]);
}

/**
 * The columns of pairs that have a sine and a cosine.
 * @param {number} pairs
 * @param {(pair: number) => number} sineOf its column
 * @param {number} apart of the cosine's column from it
 * @param {number} [width] columns from which on there are none
 * @returns {Int32Array} targets of fillSinusoids
 */
export function targetsOf(pairs, sineOf, apart, width = Number.POSITIVE_INFINITY) {
  const targets = allocate(Int32Array, 4 * pairs).fill(-1);
  for (let k = 0; k < pairs; k++) {
    const sine = sineOf(k);
    if (sine < width) targets[4 * k] = sine;
    if (sine + apart < width) targets[4 * k + 2] = sine + apart;
  }
  return targets;
}

/** @param {Float32Array} out [columns, rows] @param {Float32Array} x [rows, columns] @param {number} rows @param {number} columns */
export function transpose(out, x, rows, columns) {
  for (let column = 0; column < columns; column++)
    for (let row = 0; row < rows; row++) out[column * rows + row] = x[row * columns + column];
}
