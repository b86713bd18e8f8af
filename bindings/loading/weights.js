/**
 * Weights on their way from a file into the core: straight to their places where they are kept as they come, else through a small
 * staging buffer. At no time are two copies of a weight in memory.
 */
import { frequenciesOf } from '../architectures/rope.js';
import { DTYPE, ROWS, SLOT } from '../core/abi.js';
import { PUT } from '../core/layouts.js';
import { encode } from '../core/structs.js';
import { FormatError } from '../errors.js';
import { runsOf, VALUE_SIZE } from '../run/weights.js';
import { Progress } from './progress.js';

/** Bytes of a weight that are in staging at a time. */
const STAGING = 1 << 20;

/** And of one in 8 bits: many short calls, which engines compile well sooner than few long ones. */
const SHORT = 1 << 17;

/**
 * @typedef {import('../architectures/bind.js').Put} Put
 * @typedef {import('../formats/tensors.js').Weights} Weights
 * @typedef {import('../run/model.js').Model} Model
 * @typedef {import('../core/instance.js').Instance} Instance
 *
 * @typedef {object} Loading
 * @property {Instance} instance
 * @property {Model[]} models the towers of a model, or the one that it is
 * @property {number} staging
 * @property {import('../run/pace.js').Breath} breathe awaited wherever loading can stop
 * @property {Progress} progress told the bytes so far
 *
 * @typedef {{ weights: Weights, bound: Map<string, Put> }} Opened bound: by tensor name; the rest is passed over
 */

/**
 * Fills the towers of a model, or the one that it is, with the tensors of files.
 * @param {Instance} instance
 * @param {Model[]} models
 * @param {Opened[]} files
 * @param {import('../run/pace.js').Breath} breathe
 * @param {Progress} [progress]
 */
export async function loadWeights(instance, models, files, breathe, progress = new Progress(undefined)) {
  const staging = instance.reserve(STAGING, { zeros: false });
  const loading = { instance, models, staging, breathe, progress };
  progress.expect(files.map(({ weights }) => weights));
  try {
    for (const file of files) await streamFile(loading, file);
    for (const model of models) {
      putFrequencies(instance, model, staging);
      model.derive();
    }
  } finally {
    instance.release(staging, STAGING);
  }
}

/** Where a tensor's values go as they are, 0 if they must be packed or converted. @param {Loading} loading @param {Put} put @param {string} dtype */
function placeOf({ instance, models }, put, dtype) {
  const { rows, add, offset, columns, to, slot, index, first } = put;
  if (dtype !== 'F32' || rows !== ROWS.AS_THEY_ARE || add || offset || columns || to) return 0;
  const place = instance.call('wf_encoder_place', models[put.tower ?? 0].address, slot, index);
  return place && place + VALUE_SIZE.F32 * first;
}

/**
 * Packs what stands in staging.
 * @param {Loading} loading
 * @param {Put} put
 * @param {string} dtype
 * @param {number} address
 * @param {number} from the tensor's byte that stands there
 * @param {number} length in bytes
 */
function putStaged({ models }, put, dtype, address, from, length) {
  const size = VALUE_SIZE[dtype];
  const code = DTYPE[/** @type {keyof typeof DTYPE} */ (dtype)];
  for (const { at, ...run } of runsOf(put, from / size, length / size))
    models[put.tower ?? 0].put(address + at * size, { ...put, ...run, dtype: code });
}

/** What cannot be read back: values that are kept with others added, or with an offset. @param {Put | undefined} put @param {number} length */
function keepOwn(put, length) {
  if (put && (put.add || put.offset)) put.own = new Uint8Array(length);
}

/**
 * A file's tensors, each by way of staging or to its place.
 * @param {Loading} loading
 * @param {Opened} opened
 */
async function streamFile(loading, { weights, bound }) {
  const { breathe, progress } = loading;
  const { reader, tensors, path, size } = weights;
  const tell = () => {
    progress.tell(path, reader.position, size);
    return breathe();
  };
  /** @type {Map<string, Float32Array | null>} */
  const scales = new Map([...bound.values()].flatMap(({ scale }) => (scale ? [[scale, null]] : [])));
  for (const [name, { dtype, shape, start, end }] of tensors) {
    const put = bound.get(name);
    if (scales.has(name)) {
      scales.set(name, new Float32Array((await reader.take(end - start)).buffer));
      continue;
    }
    if (put?.scale) {
      const found = scales.get(put.scale);
      if (!found) {
        const message = `tensor "${put.scale}" of ${path} comes behind "${name}"; expected the scales first`;
        throw new FormatError(message, { path, value: put.scale });
      }
      await streamNumbers(loading, reader, put, found, shape.at(-1) ?? 1, tell);
      continue;
    }
    keepOwn(put, end - start);
    const place = put ? placeOf(loading, put, dtype) : 0;
    if (!put)
      for await (const _ of reader.chunks(end - start, STAGING)) progress.tell(path, reader.position, size);
    else if (place) await streamTo(loading, reader, place, end - start, tell);
    else await streamTensor(loading, reader, put, dtype, end - start, tell);
    await breathe();
  }
  await reader.finish();
}

/**
 * @param {Loading} loading
 * @param {import('../formats/stream.js').ByteReader} reader
 * @param {number} place
 * @param {number} length in bytes
 * @param {() => Promise<void> | undefined} tell
 */
async function streamTo({ instance }, reader, place, length, tell) {
  let done = 0;
  for await (const chunk of reader.chunks(length, STAGING)) {
    instance.write(place + done, chunk);
    done += chunk.length;
    await tell();
  }
}

/**
 * @param {Loading} loading
 * @param {import('../formats/stream.js').ByteReader} reader
 * @param {Put} put
 * @param {string} dtype
 * @param {number} length in bytes
 * @param {() => Promise<void> | undefined} tell
 */
async function streamTensor(loading, reader, put, dtype, length, tell) {
  const { instance, staging } = loading;
  let done = 0;
  let staged = 0;
  for await (const chunk of reader.chunks(length, STAGING)) {
    for (let offset = 0; offset < chunk.length; ) {
      const piece = chunk.subarray(offset, offset + STAGING - staged);
      instance.write(staging + staged, piece);
      put.own?.set(piece, done + staged);
      staged += piece.length;
      offset += piece.length;
      if (staged < STAGING && done + staged < length) continue;
      putStaged(loading, put, dtype, staging, done, staged);
      await tell();
      done += staged;
      staged = 0;
    }
  }
}

/**
 * Rows of 8 bits, some at a time.
 * @param {Loading} loading
 * @param {import('../formats/stream.js').ByteReader} reader
 * @param {Put} put
 * @param {Float32Array} scales a row
 * @param {number} columns
 * @param {() => Promise<void> | undefined} tell
 */
async function streamNumbers(loading, reader, put, scales, columns, tell) {
  const { instance, models, staging } = loading;
  const model = models[put.tower ?? 0];
  // In staging: room for a row of floats, scales, rows.
  const most = Math.max(1, Math.floor((SHORT - 4 * columns) / (4 + columns)));
  const [scale, numbers] = [staging + 4 * columns, staging + 4 * columns + 4 * most];
  for (let row = 0, count = 0; row < scales.length; row += count) {
    count = Math.min(most, scales.length - row);
    await streamTo(loading, reader, numbers, count * columns, tell);
    instance.write(scale, scales.subarray(row, row + count));
    const part = { ...put, first: put.first + row * columns, count: count * columns, dtype: DTYPE.F32 };
    model.invoke('wf_encoder_put_int8', [model.address, staging, numbers, scale, encode(PUT, part)]);
  }
}

/**
 * The frequencies of a model's tables of angles, which no file holds.
 * @param {Instance} instance
 * @param {Model} model
 * @param {number} staging
 */
function putFrequencies(instance, model, staging) {
  for (const [index, rope] of (model.blueprint.rotary ?? []).entries()) {
    if (rope.exact) continue;
    instance.write(staging, new Uint8Array(frequenciesOf(instance, rope).buffer));
    const put = { slot: SLOT.ROTARY_FREQUENCIES, index, first: 0, count: rope.pairs };
    model.put(staging, { ...put, dtype: DTYPE.F32, rows: ROWS.AS_THEY_ARE, offset: 0, add: 0 });
  }
}
