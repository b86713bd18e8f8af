/**
 * What passes between a page and its workers: values whose classes structured cloning would lose (Tensors, errors, addresses,
 * sounds) as plain objects, and back. Not here: who sends what (pool.js, serve.js).
 */
import { classOf } from '../../bindings/arrays.js';
import * as errors from '../../bindings/errors.js';
import { Tensor } from '../../bindings/tensor.js';

const { show } = errors;

/** What an encoder is, which a worker tells its page once. */
export const FACTS = ['config', 'modelType', 'tasks', 'build', 'info', 'maxLength', 'pooling', 'dimensions'];

/** The key that marks a packed value; no option and no result has it. */
const KIND = 'wasmformer:kind';

/** @type {Map<string, new (message: string, details?: object) => Error>} */
const CLASSES = new Map(
  Object.values(errors).flatMap((one) =>
    typeof one === 'function' && 'code' in one ? [[String(one.code), /** @type {any} */ (one)]] : [],
  ),
);

/** @param {any} value */
const isPlain = (value) => {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
};

/**
 * A value as what can be cloned.
 * @param {any} value
 * @param {Transferable[]} [transfer] gets the memory of Tensors, which are then gone here; without it they are copied
 * @returns {any}
 */
export function pack(value, transfer) {
  if (typeof value === 'function') return { [KIND]: 'function' };
  if (typeof value === 'symbol') return { [KIND]: 'symbol', name: value.description };
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Tensor) {
    const { dtype, data, shape, ...more } = value;
    const whole = data.byteLength === data.buffer.byteLength && data.buffer instanceof ArrayBuffer;
    const sent = transfer && !whole ? data.slice() : data;
    transfer?.push(/** @type {ArrayBuffer} */ (sent.buffer));
    return { [KIND]: 'tensor', dtype, data: sent, shape: [...shape], more: pack(more, transfer) };
  }
  if (Array.isArray(value)) return value.map((entry) => pack(entry, transfer));
  const kind = classOf(value);
  if (kind === 'URL') return { [KIND]: 'url', href: String(value) };
  if (kind === 'AudioBuffer' && typeof value.getChannelData === 'function') {
    const { numberOfChannels, length, sampleRate } = value;
    const channels = Array.from({ length: numberOfChannels }, (_, c) => value.getChannelData(c).slice());
    return { [KIND]: 'sound', channels, length, sampleRate };
  }
  if (value instanceof Error) return packError(value);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, pack(entry, transfer)]));
}

/** @param {any} value as `pack` made it @returns {any} */
export function unpack(value) {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(unpack);
  if (!isPlain(value)) return value;
  switch (value[KIND]) {
    case 'function':
      return () => {};
    case 'symbol':
      return Symbol(value.name);
    case 'tensor':
      return Object.assign(new Tensor(value.dtype, value.data, value.shape), unpack(value.more));
    case 'url':
      return new URL(value.href);
    case 'sound':
      return soundOf(value);
    case 'error':
      return unpackError(value);
    default:
      return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, unpack(entry)]));
  }
}

/** What the reader of recordings knows as an AudioBuffer. @param {{ channels: Float32Array[], length: number, sampleRate: number }} sound */
const soundOf = ({ channels, length, sampleRate }) => ({
  ...{ length, sampleRate, numberOfChannels: channels.length },
  getChannelData: (/** @type {number} */ c) => channels[c],
  [Symbol.toStringTag]: 'AudioBuffer',
});

/** @param {any} error @returns {any} */
function packError(error) {
  const { name, message, code, path, value, cause, stack } = error;
  return {
    [KIND]: 'error',
    ...{ name, message, stack, path },
    code: CLASSES.has(code) ? code : undefined,
    value: cloneable(value),
    cause: cause instanceof Error ? packError(cause) : cloneable(cause),
  };
}

/** A value for an error: what cannot be cloned is told in words. @param {any} value */
function cloneable(value) {
  if (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol') return value;
  if (value === null) return null;
  try {
    return pack(structuredClone(value));
  } catch {
    return show(value);
  }
}

/** @param {any} packed */
function unpackError({ name, message, code, path, value, cause, stack }) {
  const from = cause === undefined ? {} : { cause: unpack(cause) };
  const Class = CLASSES.get(code);
  const error = Class
    ? new Class(message, { path, value: unpack(value), ...from })
    : Object.assign(new Error(message, from), { name });
  if (stack) error.stack = stack;
  return error;
}
