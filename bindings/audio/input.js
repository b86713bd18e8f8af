/**
 * What a caller may pass as a recording becomes samples of one channel at the rate that a model reads. Files and addresses are
 * read by functions of the environment; the checks are here, and come before any decoding.
 */
import { allocate, classOf, isArrayOf, isDetached, ownArray } from '../arrays.js';
import { InputError, show } from '../errors.js';
import { readWav } from './wav.js';

/**
 * @import { Recording } from './public.js'
 * @typedef {import('../core/instance.js').Instance} Instance
 * @typedef {() => Promise<void> | undefined} Breathe
 * @typedef {{ loadImage: (location: string, most: number) => Promise<Uint8Array> }} Platform reads the bytes at an address
 */

/** The most bytes of a file, and samples of a recording: 4 hours at 16 kHz. */
const MOST_BYTES = 2 ** 28;
const MOST_SAMPLES = 2 ** 28;
/** Frames that are mixed, and samples that are brought to another rate, at a time: some milliseconds. */
const [FRAMES, SAMPLES] = [2 ** 18, 2 ** 17];
/** More than the samples on each side that wf_resample_samples reads for one. */
const REACH = 512;
/** wf_sample of 32-bit floats. */
const FLOATS = 4;

/**
 * @param {Instance} core
 * @param {Recording} input
 * @param {Platform} platform
 * @param {{ rate: number, name?: string, breathe?: Breathe }} options rate: of the samples that come out, and of those
 *   that say none. breathe: awaited now and then, may throw to stop
 * @returns {Promise<Float32Array>}
 * @throws {InputError} what is no recording, has no samples, or too many; {FormatError}, {UnsupportedError} a file that is no
 *   WAV, or a compressed one; {NetworkError} an address that does not answer
 */
export async function readRecording(
  core,
  input,
  platform,
  { rate, name = 'the recording', breathe = async () => {} },
) {
  checkRecording(input, name);
  const given = /** @type {any} */ (input);
  const location = locationOf(given);
  const finish = (/** @type {Float32Array} */ samples, /** @type {number} */ from) =>
    atRate(core, samples, { from, to: rate, name }, breathe);
  const decode = async (/** @type {Uint8Array} */ file, known = name) => {
    checkBytes(file.length, known);
    const { samplingRate, bytes, ...stored } = readWav(file, known);
    const each = bytes.length / stored.frames;
    const part = (/** @type {number} */ first, /** @type {number} */ count) =>
      bytes.subarray(first * each, (first + count) * each);
    return finish(await mixed(core, stored, part, breathe), samplingRate);
  };
  if (location !== null) return decode(await platform.loadImage(location, MOST_BYTES), shortOf(location));
  if (isBlob(given)) {
    const known = 'name' in given ? String(given.name) : name;
    checkBytes(given.size, known);
    return decode(new Uint8Array(await given.arrayBuffer()), known);
  }
  if (isArrayOf(given, Uint8Array)) return decode(ownArray(given));
  if (classOf(given) === 'ArrayBuffer') return decode(new Uint8Array(given));
  if (isBuffer(given)) {
    const { numberOfChannels: channels, length: frames, sampleRate } = given;
    const parts = Array.from({ length: channels }, (_, c) => given.getChannelData(c));
    const part = (/** @type {number} */ first, /** @type {number} */ count) => {
      const all = allocate(Float32Array, count * channels);
      for (const [c, samples] of parts.entries())
        for (let i = 0; i < count; i++) all[i * channels + c] = samples[first + i];
      return new Uint8Array(all.buffer);
    };
    return finish(await mixed(core, { frames, channels, format: FLOATS }, part, breathe), sampleRate);
  }
  return finish(ownArray(given.samples ?? given), given.samplingRate ?? rate);
}

const EXPECTED =
  "a Float32Array, {samples, samplingRate}, an AudioBuffer, a WAV file's bytes or Blob, or its address (a URL, {path}, or a string that ends in .wav)";

/**
 * Refuses what is no recording, before anything is read.
 * @param {unknown} input
 * @param {string} name what it is called in messages
 * @throws {InputError}
 */
export function checkRecording(input, name) {
  const given = /** @type {any} */ (input);
  const refuse = (/** @type {string} */ what, /** @type {unknown} */ value) => {
    throw new InputError(`${name} ${what}`, { path: 'recording', value });
  };
  const isFile = isBlob(given) || isArrayOf(given, Uint8Array) || classOf(given) === 'ArrayBuffer';
  if (isFile || locationOf(given) !== null) return;
  const isNamed = typeof given === 'object' && given !== null && 'samples' in given;
  const samples = isNamed ? given.samples : given;
  if (!isArrayOf(samples, Float32Array) && !isBuffer(given)) {
    return isNamed
      ? refuse(`has samples that are ${show(samples)}; expected a Float32Array`, samples)
      : refuse(`is ${show(given)}; expected ${EXPECTED}`, given);
  }
  if (!isBuffer(given) && isDetached(samples)) refuse('has samples that were given away', given);
  const rate = isNamed ? given.samplingRate : given.sampleRate;
  if (rate !== undefined && !(Number.isInteger(rate) && rate >= 1 && rate <= 2 ** 24))
    refuse(`has a samplingRate of ${show(rate)}; expected a whole number from 1`, rate);
  const length = isBuffer(given) ? given.length * given.numberOfChannels : samples.length;
  if (!length) refuse('has no samples', given);
  if (length > MOST_SAMPLES) refuse(`has ${length} samples; at most ${MOST_SAMPLES}`, length);
}

/** @param {any} value @returns {boolean} an AudioBuffer */
const isBuffer = (value) => classOf(value) === 'AudioBuffer' && typeof value.getChannelData === 'function';

/** @param {unknown} value */
const isBlob = (value) =>
  ['Blob', 'File'].includes(classOf(value)) && 'arrayBuffer' in /** @type {object} */ (value);

const ADDRESS = /^(?:(?:https?|blob|file):[^\s]+$|data:audio\/)/i;
const FILE_NAME = /^[^\n\r]*[^\n\r/\\]\.wave?(?:[?#]\S*)?$/i;
/** The longest path that a system takes. */
const LONGEST_PATH = 4096;

/** Whether a text ends as names of recordings do. @param {string} text */
export const isRecordingName = (text) => text.length <= LONGEST_PATH && FILE_NAME.test(text);

/** Where a recording's file is, if that is what a value says. @param {any} value @returns {string | null} */
function locationOf(value) {
  if (classOf(value) === 'URL') return String(value);
  if (typeof value === 'string') return isRecordingName(value) || ADDRESS.test(value) ? value : null;
  const path = classOf(value) === 'Object' ? value.path : undefined;
  return (typeof path === 'string' && path !== '') || classOf(path) === 'URL' ? String(path) : null;
}

/** A location for messages: what follows a question mark may be secret. @param {string} location */
const shortOf = (location) =>
  (/^https?:/i.test(location) ? location.replace(/[?#].*/s, '') : location).slice(0, 80);

/** @param {number} length @param {string} name */
function checkBytes(length, name) {
  if (length <= MOST_BYTES) return;
  throw new InputError(`${name} has ${length} bytes; at most ${MOST_BYTES}`, { path: name, value: length });
}

/**
 * The mean of the channels.
 * @param {Instance} core
 * @param {Pick<import('./wav.js').Stored, 'frames' | 'channels' | 'format'>} stored
 * @param {(first: number, count: number) => Uint8Array} bytesOf some of the frames
 * @param {Breathe} breathe
 */
async function mixed(core, { frames, channels, format }, bytesOf, breathe) {
  const out = allocate(Float32Array, frames);
  for (let first = 0; first < frames; first += FRAMES) {
    await breathe();
    const part = out.subarray(first, first + FRAMES);
    const bytes = bytesOf(first, part.length);
    core.invoke('wf_mix_samples', [{ out: part }, bytes, part.length, channels, format]);
  }
  return out;
}

/** @param {number} a @param {number} b @returns {number} */
const commonDivisor = (a, b) => (b ? commonDivisor(b, a % b) : a);

/**
 * Samples at another rate, in pieces of whole periods that begin earlier and end later by what the filter reaches.
 * @param {Instance} core
 * @param {Float32Array} samples
 * @param {{ from: number, to: number, name: string }} rates
 * @param {Breathe} breathe
 */
async function atRate(core, samples, { from, to, name }, breathe) {
  if (from === to) return samples;
  const count = Math.ceil((samples.length * to) / from);
  if (count > MOST_SAMPLES) {
    throw new InputError(`${name} would have ${count} samples at ${to} Hz; at most ${MOST_SAMPLES}`, {
      path: 'recording',
      value: count,
    });
  }
  const out = allocate(Float32Array, count);
  const common = commonDivisor(from, to);
  const [old, fresh] = [from / common, to / common];
  const step = Math.ceil(SAMPLES / old);
  for (let period = 0; period * fresh < count; period += step) {
    await breathe();
    const start = Math.max(0, period - Math.ceil(REACH / old));
    const part = samples.subarray(start * old, (period + step) * old + REACH);
    const made = new Float32Array(Math.ceil((part.length * fresh) / old));
    core.invoke('wf_resample_samples', [{ out: made }, part, part.length, made.length, old, fresh]);
    const first = (period - start) * fresh;
    out.set(made.subarray(first, first + step * fresh), period * fresh);
  }
  return out;
}
