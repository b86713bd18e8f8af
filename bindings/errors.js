/**
 * The errors of the library: every failure that a caller can meet is one of these. Not the place where a
 * status of the core is turned into an error; that is core/instance.js. Imports nothing, so any room may use it.
 */
/**
 * What an error is about, for programs; the message says the same to people.
 * @typedef {object} ErrorDetails
 * @property {string} [path] The file, configuration key or argument at fault.
 * @property {unknown} [value] The value that was found there.
 * @property {unknown} [cause] The error that led to this one.
 */

/** The base of all errors here, with a stable `code`. */
export class WasmformerError extends Error {
  /** @type {string} */
  static code = 'ERR_WASMFORMER';
  /** A name for programs, such as 'ERR_INPUT'; it does not change between versions. @readonly @type {string} */
  code;
  /** The file, configuration key or argument at fault. @readonly @type {string | undefined} */
  path;
  /** The value that was found. @readonly @type {unknown} */
  value;

  /**
   * @param {string} message What was wrong, naming the value found and what was expected.
   * @param {ErrorDetails} [details]
   */
  constructor(message, { path, value, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = new.target.code;
    this.path = path;
    this.value = value;
  }

  // On the prototype, not the instance: V8 writes the head of a stack trace before an own name exists.
  static {
    this.prototype.name = 'WasmformerError';
  }
}

/** An argument of a call is of the wrong type or out of its range. */
export class InputError extends WasmformerError {
  static code = 'ERR_INPUT';
  static {
    this.prototype.name = 'InputError';
  }
}

/** A model's configuration lacks a key, or holds a value outside its range. */
export class ConfigError extends WasmformerError {
  static code = 'ERR_CONFIG';
  static {
    this.prototype.name = 'ConfigError';
  }
}

/** A file is not what its format says: truncated, malformed, or contradicting itself. */
export class FormatError extends WasmformerError {
  static code = 'ERR_FORMAT';
  static {
    this.prototype.name = 'FormatError';
  }
}

/** A tensor has another shape than the operation or the model needs. */
export class ShapeError extends WasmformerError {
  static code = 'ERR_SHAPE';
  static {
    this.prototype.name = 'ShapeError';
  }
}

/** A file or option is sound, but asks for something that this library does not do. */
export class UnsupportedError extends WasmformerError {
  static code = 'ERR_UNSUPPORTED';
  static {
    this.prototype.name = 'UnsupportedError';
  }
}

/** The bytes received are not those that were promised: a wrong digest or length. */
export class IntegrityError extends WasmformerError {
  static code = 'ERR_INTEGRITY';
  static {
    this.prototype.name = 'IntegrityError';
  }
}

/** A file could not be fetched. */
export class NetworkError extends WasmformerError {
  static code = 'ERR_NETWORK';
  static {
    this.prototype.name = 'NetworkError';
  }
}

/** The memory that a model or a call needs cannot be had. */
export class OutOfMemoryError extends WasmformerError {
  static code = 'ERR_OUT_OF_MEMORY';
  static {
    this.prototype.name = 'OutOfMemoryError';
  }
}

/** A worker ended while it ran a call. */
export class WorkerError extends WasmformerError {
  static code = 'ERR_WORKER';
  static {
    this.prototype.name = 'WorkerError';
  }
}

/** The object was disposed of before this call. */
export class DisposedError extends WasmformerError {
  static code = 'ERR_DISPOSED';
  static {
    this.prototype.name = 'DisposedError';
  }
}

/** The caller's signal stopped the work; its name is the one the platform uses. */
export class AbortError extends WasmformerError {
  static code = 'ERR_ABORT';
  static {
    this.prototype.name = 'AbortError';
  }
}

const LONGEST_SHOWN = 80;
const DEEPEST_SHOWN = 4;

/**
 * A value in a few words, for an error's message. Never throws, whatever the value is.
 * @param {unknown} value
 * @param {number} [depth] of the lists around it; a list may be inside itself
 * @returns {string} At most about 80 characters.
 */
export function show(value, depth = 0) {
  let text;
  try {
    if (typeof value === 'bigint') text = `${value}n`;
    else if (typeof value === 'function') text = 'a function';
    else if (typeof value === 'string') text = JSON.stringify(value.slice(0, LONGEST_SHOWN + 1));
    else if (ArrayBuffer.isView(value)) text = `${value.constructor.name} of ${value.byteLength} bytes`;
    else if (Array.isArray(value)) text = `[${showEntries(value, depth)}]`;
    else if (typeof value === 'object' && value !== null) text = showObject(value);
    else text = Object.is(value, -0) ? '-0' : String(value);
  } catch {
    text = `an unreadable ${typeof value}`;
  }
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}…`;
}

/** An object by its class, or by its keys if it has none. @param {Record<string, any>} value */
function showObject(value) {
  if (typeof value.then === 'function') return 'a Promise (await it)';
  const name = value.constructor?.name;
  return name && name !== 'Object' ? name : `{${Object.keys(value).slice(0, LONGEST_SHOWN).join(', ')}}`;
}

/** The first entries of a list. @param {unknown[]} list @param {number} depth */
function showEntries(list, depth) {
  if (depth === DEEPEST_SHOWN) return '…';
  const shown = [];
  for (let i = 0, length = 0; i < list.length && length <= LONGEST_SHOWN; i++) {
    shown.push(show(list[i], depth + 1));
    length += shown[i].length + 2;
  }
  return shown.join(', ');
}
