/**
 * Weights on their way from a file into the core, through a small staging buffer: at no time are two copies of a weight in
 * memory.
 */
import { frequenciesOf } from '../architectures/rope.js';
import { DTYPE, ROWS, SLOT } from '../core/abi.js';
import { runsOf, VALUE_SIZE } from '../run/weights.js';
import { Progress } from './progress.js';

/** Bytes of a weight that are in staging at a time. */
const STAGING = 1 << 20;

/**
 * @typedef {import('../architectures/bind.js').Put} Put
 * @typedef {import('../formats/tensors.js').Weights} Weights
 * @typedef {(at: number, bytes: Uint8Array, from: number) => void} Write into staging what stands in the tensor from a byte on
 * @typedef {(at: number, put: import('../core/layouts.js').Put) => Promise<void> | undefined} PutStaged what stands there
 */

/**
 * Fills the towers of a model, or the one that it is, with the tensors of files, each through one staging buffer.
 * @param {import('../core/instance.js').Instance} instance
 * @param {import('../run/model.js').Model[]} models
 * @param {{ weights: Weights, bound: Map<string, Put> }[]} files bound: by tensor name; the rest is passed over
 * @param {import('../run/pace.js').Breath} breathe awaited wherever loading can stop
 * @param {Progress} [progress] told the bytes so far
 */
export async function loadWeights(instance, models, files, breathe, progress = new Progress(undefined)) {
  const staging = instance.reserve(STAGING, { zeros: false });
  progress.expect(files.map(({ weights }) => weights));
  try {
    for (const { weights, bound } of files) {
      const { reader, tensors, path, size } = weights;
      for (const [name, { dtype, start, end }] of tensors) {
        const put = bound.get(name);
        // What cannot be read back: values that are kept with others added, or with an offset.
        if (put && (put.add || put.offset)) put.own = new Uint8Array(end - start);
        const write = (
          /** @type {number} */ at,
          /** @type {Uint8Array} */ bytes,
          /** @type {number} */ from,
        ) => {
          instance.write(staging + at, bytes);
          put?.own?.set(bytes, from);
        };
        /** @type {PutStaged} */
        const putStaged = (at, piece) => {
          models[put?.tower ?? 0].put(staging + at, piece);
          progress.tell(path, reader.position, size);
          return breathe();
        };
        if (put) await streamTensor(write, putStaged, reader, put, dtype, end - start);
        else
          for await (const _ of reader.chunks(end - start, STAGING))
            progress.tell(path, reader.position, size);
        await breathe();
      }
      await reader.finish();
    }
    for (const model of models) {
      putFrequencies(instance, model, staging);
      model.derive();
    }
  } finally {
    instance.release(staging, STAGING);
  }
}

/**
 * The frequencies of a model's tables of angles, which no file holds.
 * @param {import('../core/instance.js').Instance} instance
 * @param {import('../run/model.js').Model} model
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

/**
 * @param {Write} write
 * @param {PutStaged} putStaged
 * @param {import('../formats/stream.js').ByteReader} reader
 * @param {Put} put
 * @param {string} dtype
 * @param {number} length in bytes
 */
async function streamTensor(write, putStaged, reader, put, dtype, length) {
  const size = VALUE_SIZE[dtype];
  const code = DTYPE[/** @type {keyof typeof DTYPE} */ (dtype)];
  let done = 0;
  let staged = 0;
  for await (const chunk of reader.chunks(length, STAGING)) {
    for (let offset = 0; offset < chunk.length; ) {
      const piece = chunk.subarray(offset, offset + STAGING - staged);
      write(staged, piece, done + staged);
      staged += piece.length;
      offset += piece.length;
      if (staged < STAGING && done + staged < length) continue;
      for (const { at, ...run } of runsOf(put, done / size, staged / size))
        await putStaged(at * size, { ...put, ...run, dtype: code });
      done += staged;
      staged = 0;
    }
  }
}
