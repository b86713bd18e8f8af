/**
 * One instance of the core, and the one ritual of a call: reserve, copy in, call, check the status, copy out.
 * Its memory holds, from the bottom: the core's stack and constants, what `reserve` placed, and above that the arguments
 * of the call in work. Not here: what the calls mean.
 */

import { InputError, OutOfMemoryError, ShapeError, UnsupportedError, WasmformerError } from '../errors.js';
import { STATUS } from './abi.js';
import { checkLengths } from './lengths.js';
import { Memory } from './memory.js';

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
 * @typedef {{ module: WebAssembly.Module, isWide?: boolean }} Core a compiled build of the core; which it is it says itself, but for
 *   whether the engine pairs its vectors
 */

/** What two measurements of the same may differ by. */
const CHANCE = 1.04;

/** The fastest tile of each build on this machine, measured once per process. @type {Map<string, number>} */
const fastestTiles = new Map();

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
   * @returns {Promise<Instance>}
   */
  static async create({ module, isWide }) {
    const memory = new Memory();
    const instance = await WebAssembly.instantiate(module, { env: { memory: memory.wasm } });
    return new Instance(instance, memory, isWide);
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

  /** @returns {number} the index of the tile that multiplies fastest here, the same bits as every other */
  fastestTile() {
    const known = fastestTiles.get(this.build);
    if (known !== undefined) return known;
    const fastest = this.#measureTiles();
    fastestTiles.set(this.build, fastest);
    return fastest;
  }

  /**
   * Tiles take turns, so that a busy moment hits all of them; each one's best time counts, and engines compile hot
   * functions a second time meanwhile. A later tile must be faster by more than chance. The last is for paired vectors.
   */
  #measureTiles() {
    const tiles = this.call('wf_tile_count') - (this.build === 'wide' ? 0 : 1);
    const best = new Array(tiles).fill(Infinity);
    const space = align(this.#base);
    this.#memory.reach(space + this.call('wf_tile_space'));
    this.#used = Math.max(this.#used, space + this.call('wf_tile_space'));
    const end = performance.now() + 6;
    for (let round = 0; round < 12 || performance.now() < end; round++) {
      for (let tile = 0; tile < tiles; tile++) {
        const start = performance.now();
        this.call('wf_tile_run', space, tile, 2);
        best[tile] = Math.min(best[tile], performance.now() - start);
      }
    }
    return best.findIndex((ms) => ms <= CHANCE * Math.min(...best));
  }

  /** @param {string} name @param {number} status */
  #error(name, status) {
    const message = `${name}: ${this.#memory.text(this.call('wf_status_message', status))}`;
    if (status === STATUS.MEMORY) return new OutOfMemoryError(message);
    if (status === STATUS.SHAPE) return new ShapeError(message);
    if (status === STATUS.UNSUPPORTED) return new UnsupportedError(message);
    return new InputError(message);
  }
}
