/** What a call's arguments become before they are sent to a worker: without listeners, and with pixels for what only a page can read. */
import { classOf } from '../../bindings/arrays.js';
import { isInputs } from '../../bindings/run/input_names.js';
import { readImage } from '../../bindings/vision/input.js';
import * as platform from '../platform.js';

/** @typedef {import('./member.js').Hooks} Hooks */

/** Pictures that a worker cannot be given. */
const SURFACES = ['HTMLCanvasElement', 'OffscreenCanvas', 'HTMLImageElement'];

/** A call's arguments without its listener and its signal, which cannot be sent. @param {any[]} given @returns {{ args: any[], hooks: Hooks }} */
export function hooksOf(given) {
  const last = given.at(-1);
  if (given.length < 2 || classOf(last) !== 'Object' || isInputs(last)) return { args: given, hooks: {} };
  const { signal, progress, ...rest } = last;
  const isSignal = typeof signal?.aborted === 'boolean' && 'addEventListener' in signal;
  const isListener = typeof progress === 'function';
  /** @type {any} */
  const options = {
    ...rest,
    ...(!isSignal && 'signal' in last && { signal }),
    ...(!isListener && 'progress' in last && { progress }),
  };
  return {
    args: [...given.slice(0, -1), options],
    hooks: { ...(isSignal && { signal }), ...(isListener && { progress }) },
  };
}

/** Pictures that only the page can read as their pixels. @param {any} value @param {any} options */
export async function pixelsOf(value, options) {
  if (Array.isArray(value) && value.some((one) => SURFACES.includes(classOf(one))))
    return Promise.all(
      value.map((one, i) => (SURFACES.includes(classOf(one)) ? pixels(one, options, `images[${i}]`) : one)),
    );
  return SURFACES.includes(classOf(value)) ? pixels(value, options) : value;
}

/** @param {any} surface @param {any} options @param {string} [name] */
async function pixels(surface, options, name) {
  const { data, width, height, channels } = await readImage(surface, platform, {
    orientation: options?.orientation,
    name,
  });
  return { data, width, height, channels };
}
