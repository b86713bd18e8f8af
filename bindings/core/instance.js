/**
 * One instance of the core, and the one ritual of a call: reserve, copy in, call, check the status, copy out.
 * Its memory holds, from the bottom: the core's stack and constants, what `reserve` placed, and above that the arguments
 * of the call in work. Not here: what the calls mean.
 */

import {
  InputError,
  OutOfMemoryError,
  ShapeError,
  UnsupportedError,
  WasmformerError,
  WorkerError,
} from '../errors.js';
import { STATUS } from './abi.js';
import { checkLengths } from './lengths.js';
import { Memory } from './memory.js';
import { Team } from './team.js';

const ALIGNMENT = 64;
/** What staging a weight and the arguments of a usual call take. */
const SLACK = 5 << 18;

/** @param {number} n */
const align = (n) => Math.ceil(n / ALIGNMENT) * ALIGNMENT;

/**
 * @typedef {Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array | Int8Array} Numbers
 * @typedef {number | Numbers | { out: Numbers } | null} Argument a scalar or address, an array copied in, an array that
 *   the call fills, or a null pointer
 *
 * @typedef {{ module: WebAssembly.Module, isWide?: boolean, threads?: number, why?: string | null }} Core a compiled build of the core;
 *   which it is it says itself, but for whether the engine pairs its vectors. threads: if more than one, its memory is shared; why
 *   there are no more
 */

export class Instance {
  /** @type {Memory} */ #memory;
  /** @type {Record<string, (...args: number[]) => number>} */ #exports;
  /** @type {WebAssembly.Global} */ #stackPointer;
  /** @type {number} */ #stackTop;
  /** @type {number} */ #base;
  /** End of what has been written: behind it are zeros. */
  #used = 0;
  /** What was released below #base, in order. @type {{ address: number, size: number }[]} */
  #holes = [];
  /** @type {'base' | 'relaxed' | 'wide'} */ build;
  /** @type {Team | null} */ #team = null;
  /** @type {string | null} */ #why = null;

  /**
   * @param {WebAssembly.Instance} instance
   * @param {Memory} memory
   * @param {boolean} [isWide]
   */
  constructor(instance, memory, isWide = false) {
    const { __stack_pointer: stackPointer, __heap_base: heapBase, ...functions } = instance.exports;
    this.#memory = memory;
    this.#exports = /** @type {any} */ (functions);
    this.build = isWide ? 'wide' : this.#exports.wf_is_relaxed?.() ? 'relaxed' : 'base';
    this.#stackPointer = /** @type {WebAssembly.Global} */ (stackPointer);
    this.#stackTop = this.#stackPointer.value;
    this.#base = align(/** @type {WebAssembly.Global} */ (heapBase).value);
  }

  /**
   * @param {Core} core
   * @param {import('./team.js').StartThread} [startThread]
   * @returns {Promise<Instance>}
   */
  static async create({ module, isWide, threads = 1, why = null }, startThread) {
    const memory = new Memory(threads > 1);
    const instance = await WebAssembly.instantiate(module, { env: { memory: memory.wasm } });
    const made = new Instance(instance, memory, isWide);
    made.#why = why;
    if (threads > 1 && startThread)
      made.#team = new Team(made, { module, memory: memory.wasm }, threads, startThread);
    return made;
  }

  /**
   * How many threads share a forward, and have room of their own in a model's scratch; where their team stands, 0 without one; and
   * why no others do, null if as many as were asked for.
   */
  get sharing() {
    const team = this.#team;
    return { threads: team?.count ?? 1, team: team?.address ?? 0, why: team?.why ?? this.#why };
  }

  /** Comes when the threads are there, or cannot be had. */
  async ready() {
    await this.#team?.ready();
  }

  /** Ends the threads. */
  dispose() {
    this.#team?.end();
  }

  /** Bytes of linear memory. */
  get memorySize() {
    return this.#memory.size;
  }

  /**
   * Grows the memory for what will be reserved, and some for the arguments of calls.
   * @param {number} bytes
   */
  expect(bytes) {
    this.#memory.reach(this.#base + bytes + SLACK);
  }

  /**
   * Sets memory aside, until it is released.
   * @param {number} bytes
   * @param {{ zeros?: boolean }} [options] zeros: whether it must hold them; writing them takes resident memory
   * @returns {number} its address
   */
  reserve(bytes, { zeros = true } = {}) {
    const size = align(bytes);
    const hole = this.#holes.findIndex((one) => one.size >= size);
    const address = hole < 0 ? this.#base : this.#holes[hole].address;
    this.#memory.reach(address + size);
    if (hole < 0) this.#base += size;
    else if (this.#holes[hole].size === size) this.#holes.splice(hole, 1);
    else this.#holes[hole] = { address: address + size, size: this.#holes[hole].size - size };
    if (zeros && this.#used > address)
      this.#memory.bytes(address, Math.min(size, this.#used - address)).fill(0);
    this.#used = Math.max(this.#used, address + size);
    return address;
  }

  /**
   * Takes back what `reserve` set aside.
   * @param {number} address
   * @param {number} bytes as reserved
   */
  release(address, bytes) {
    const holes = [...this.#holes, { address, size: align(bytes) }].sort((a, b) => a.address - b.address);
    /** @type {typeof holes} */
    const joined = [];
    for (const hole of holes) {
      const last = joined.at(-1);
      if (last && last.address + last.size === hole.address) last.size += hole.size;
      else joined.push({ ...hole });
    }
    const top = joined.at(-1);
    if (top && top.address + top.size === this.#base) {
      this.#base = top.address;
      joined.pop();
    }
    this.#holes = joined;
  }

  /**
   * Calls a function that returns a status. Outputs come first, as in the header.
   * @param {string} name
   * @param {Argument[]} args
   * @param {Record<string, number>} [sizes] of arrays that no argument tells
   * @throws {WasmformerError} typed by the status; a ShapeError, before the call, for an array of another length
   */
  invoke(name, args, sizes = {}) {
    checkLengths(name, args, sizes);
    let end = this.#base;
    const values = args.map((argument) => {
      if (typeof argument === 'number') return argument;
      if (argument === null) return 0;
      const address = end;
      end = align(end + ('out' in argument ? argument.out : argument).byteLength);
      return address;
    });
    this.#memory.reach(end);
    this.#used = Math.max(this.#used, end);
    args.forEach((argument, i) => {
      if (ArrayBuffer.isView(argument)) this.#memory.write(values[i], argument);
    });
    const status = this.call(name, ...values);
    if (status !== STATUS.OK) throw this.#error(name, status);
    args.forEach((argument, i) => {
      if (argument !== null && typeof argument === 'object' && 'out' in argument) {
        this.#memory.read(argument.out, values[i]);
      }
    });
  }

  /**
   * Calls a function of numbers and returns its result. After a trap the stack is reset, so the next call works: the
   * core keeps nothing across calls but weights, which no call changes after load.
   * @param {string} name
   * @param {...number} args
   * @returns {number}
   */
  call(name, ...args) {
    try {
      return this.#exports[name](...args) >>> 0;
    } catch (cause) {
      this.#stackPointer.value = this.#stackTop;
      throw new WasmformerError(
        `${name} failed inside WebAssembly: ${/** @type {Error} */ (cause).message}`,
        { cause },
      );
    }
  }

  /**
   * Copies out of the instance's memory.
   * @param {Numbers} array to fill
   * @param {number} address
   */
  read(array, address) {
    this.#memory.read(array, address);
  }

  /**
   * Copies into memory that `reserve` set aside.
   * @param {number} address
   * @param {ArrayBufferView} array
   */
  write(address, array) {
    this.#memory.write(address, array);
  }

  /** @param {string} name @param {number} status */
  #error(name, status) {
    const message = `${name}: ${this.#memory.text(this.call('wf_status_message', status))}`;
    if (status === STATUS.MEMORY) return new OutOfMemoryError(message);
    if (status === STATUS.SHAPE) return new ShapeError(message);
    if (status === STATUS.UNSUPPORTED) return new UnsupportedError(message);
    if (status === STATUS.THREAD) return new WorkerError(`${message}; load the model again`);
    return new InputError(message);
  }
}
