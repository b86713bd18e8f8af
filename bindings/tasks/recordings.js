/** Recordings of any kind as the inputs that an audio model reads, one at a time: padding would change what some of them give. */
import { readRecording } from '../audio/input.js';
import { InputError, UnsupportedError } from '../errors.js';
import { readInputs } from '../run/inputs.js';

/**
 * @param {import('./parts.js').Parts} parts
 * @param {any} recording
 * @param {import('./pieces.js').Reading & { first: number, isList: boolean }} reading
 * @param {import('../run/pace.js').Breath} breathe
 * @returns {Promise<import('./pieces.js').Piece>}
 */
export async function recordingPiece({ model, extractor, images, instance }, recording, reading, breathe) {
  const {
    process,
    samplingRate: rate,
    maxSamples,
  } = /** @type {NonNullable<typeof extractor>} */ (extractor)();
  const { first, isList, onTruncate = 'cut' } = reading;
  const known = isList ? `recordings[${first}]` : 'the recording';
  const samples = await readRecording(instance, recording, images, { rate, name: known, breathe });
  const isLong = samples.length > maxSamples;
  if (isLong && onTruncate !== 'cut')
    throw tooLong(known, samples.length / rate, maxSamples / rate, onTruncate);
  const { sequences, owners } = readInputs(model, process(instance, [samples.subarray(0, maxSamples)]));
  if (owners.length === 0) {
    throw new InputError(`${known} is too short: the model makes no rows of it`, {
      path: known,
      value: samples.length,
    });
  }
  return { first, count: 1, sequences, owners, truncated: isLong ? [first] : [] };
}

/**
 * The inputs of several recordings, see Encoder.preprocess.
 * @param {import('./parts.js').Parts} parts
 * @param {any[]} recordings
 * @param {boolean} isList
 * @param {import('../run/pace.js').Breath} breathe
 */
export async function featuresOf({ extractor, images, instance }, recordings, isList, breathe) {
  const { process, samplingRate: rate } = /** @type {NonNullable<typeof extractor>} */ (extractor)();
  const all = [];
  for (const [i, recording] of recordings.entries()) {
    await breathe();
    const name = isList ? `recordings[${i}]` : undefined;
    all.push(await readRecording(instance, recording, images, { rate, name, breathe }));
  }
  return process(instance, all);
}

/** @param {string} name @param {number} seconds @param {number} most @param {string} onTruncate */
function tooLong(name, seconds, most, onTruncate) {
  const message = `${name} has ${seconds.toFixed(2)} seconds; this model reads ${most.toFixed(2)}`;
  const details = { path: name, value: seconds };
  return onTruncate === 'error'
    ? new InputError(message, details)
    : new UnsupportedError(
        `${message}, and onTruncate "${onTruncate}" is for texts; cut it yourself`,
        details,
      );
}
