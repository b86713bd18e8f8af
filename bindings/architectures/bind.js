/** Matching what a family expects with what a file holds. */
import { FormatError, ShapeError, UnsupportedError } from '../errors.js';
import { refuseStrays } from './ledger.js';
import { resolve } from './placements.js';

/**
 * @typedef {import('./placements.js').Placement} Placement
 * @typedef {ReturnType<typeof resolve>['put'] & { tower?: number, own?: Uint8Array<ArrayBuffer>, scale?: string }} Put what the core
 *   is told of a tensor; tower: which of a model's, if it has several; own: the file's bytes, if they cannot be told from what is
 *   kept; scale: the tensor of the scales of a tensor in 8 bits
 */

/** The scales of the rows of a tensor in 8 bits, turned in blocks of 128: the name says so, for there are other forms. @param {string} name */
export const scaleOf = (name) => `${name}_scale_hadamard128`;

/** The tensors that the model's own files would have. @template {{ dtype: string }} T @param {ReadonlyMap<string, T>} tensors @returns {Map<string, T>} */
export function withoutScales(tensors) {
  const int8 = [...tensors].flatMap(([name, { dtype }]) => (dtype === 'I8' ? scaleOf(name) : []));
  const scales = new Set(int8);
  return new Map([...tensors].filter(([name]) => !scales.has(name)));
}

/**
 * The first prefix under which the file has a tensor: base models and models with a head differ by it.
 * @param {import('./blueprint.js').TensorList} tensors
 * @param {string[]} prefixes
 * @param {string | string[]} names of the tensor
 * @param {string} path of the file
 */
export function findPrefix(tensors, prefixes, names, path) {
  const found = prefixes.find((prefix) => [names].flat().some((name) => tensors.has(prefix + name)));
  if (found === undefined) {
    const name = `${prefixes.at(-1)}${[names].flat()[0]}`;
    throw new FormatError(`${path} has no tensor "${name}"`, { path, value: name });
  }
  return found;
}

/** A shape without leading ones, which files may add or leave out. @param {number[]} shape */
const trimmed = (shape) => shape.join().replace(/^(?:1(?:,|$))+/, '');

/**
 * Matches placements with what the file holds.
 * @param {Placement[]} placements
 * @param {import('./blueprint.js').ModelDescription} description
 * @param {import('./blueprint.js').TensorList} tensors
 * @param {string} path of the file, for errors
 * @returns {Map<string, Put>} by tensor name; tensors not listed are not needed
 */
export function bind(placements, description, tensors, path) {
  /** @type {Map<string, Put>} */
  const bound = new Map();
  for (const placement of placements) {
    const name = placement.names.find((candidate) => tensors.has(candidate));
    const tensor = name === undefined ? undefined : tensors.get(name);
    if (name === undefined || tensor === undefined) {
      if (!placement.required) continue;
      throw new FormatError(`${path} has no tensor "${placement.names[0]}"`, {
        path,
        value: placement.names[0],
      });
    }
    const { put, shape } = resolve(placement, description);
    if (trimmed(tensor.shape) !== trimmed(shape)) {
      throw new ShapeError(
        `tensor "${name}" has shape [${tensor.shape.join(', ')}]; the config asks for [${shape.join(', ')}]`,
        { path, value: tensor.shape },
      );
    }
    const scale = scaleOf(name);
    if (tensor.dtype === 'I8' && tensors.has(scale)) {
      refuseOdd(name, put, tensor, tensors.get(scale), path);
      bound.set(name, { ...put, scale });
      continue;
    }
    if (!['F32', 'F64', 'F16', 'BF16'].includes(tensor.dtype)) {
      throw new UnsupportedError(
        `tensor "${name}" has dtype ${tensor.dtype}; weights may be F32, F64, F16 or BF16, or I8 as \`wasmformer quantize\` writes them`,
        { path, value: tensor.dtype },
      );
    }
    bound.set(name, put);
  }
  return bound;
}

/**
 * @param {string} name of a tensor in 8 bits
 * @param {Put} put
 * @param {{ shape: number[] }} tensor
 * @param {{ dtype: string, shape: number[] } | undefined} scale
 * @param {string} path
 */
function refuseOdd(name, put, { shape }, scale, path) {
  const rows = shape.slice(0, -1).reduce((a, b) => a * b, 1);
  if (scale?.dtype !== 'F32' || scale.shape.join() !== String(rows)) {
    const found = `${scale?.dtype} [${scale?.shape.join(', ')}]`;
    throw new ShapeError(`tensor "${scaleOf(name)}" is ${found}; expected F32 [${rows}], a scale a row`, {
      path,
      value: scale?.shape,
    });
  }
  if (shape.length < 2 || put.to || put.columns || put.add || put.offset)
    throw new UnsupportedError(`tensor "${name}" has dtype I8; expected F32, F64, F16 or BF16`, {
      path,
      value: 'I8',
    });
}

/**
 * Where each tensor goes, of every tower.
 * @param {import('./blueprint.js').Blueprint[]} towers
 * @param {import('./blueprint.js').TensorList} tensors
 * @param {string} path of the file
 * @returns {Map<string, Put>}
 * @throws {UnsupportedError} a tensor among the model's own that goes nowhere
 */
export function bindTowers(towers, tensors, path) {
  /** @type {Map<string, Put>} */
  const all = new Map();
  const own = withoutScales(tensors);
  for (const [tower, blueprint] of towers.entries()) {
    const bound = bind(blueprint.placements, blueprint.description, tensors, path);
    refuseStrays(blueprint, own.keys(), bound, path);
    for (const [name, put] of bound) all.set(name, { ...put, tower });
  }
  return all;
}
