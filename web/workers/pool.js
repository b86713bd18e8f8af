/**
 * Encoders in workers: `load(source, {worker: true | n})`. The page's event loop stays free, and n workers share what is in a call
 * among them. Not here: what a worker does (serve.js), what passes (messages.js).
 */
import { classOf } from '../../bindings/arrays.js';
import { check } from '../../bindings/check.js';
import { DisposedError, WasmformerError, WorkerError } from '../../bindings/errors.js';
import { LOADING } from '../../bindings/loading/assemble.js';
import { readingOf, refuseAborted } from '../../bindings/loading/reading.js';
import { wantedByModel } from '../../bindings/loading/wanted.js';
import { loadCore } from '../core.js';
import { loadWith } from '../loading.js';
import { isNode } from '../node.js';
import { openSource } from '../source.js';
import { hooksOf, pixelsOf } from './arguments.js';
import { piecesOf } from './divide.js';
import { Member } from './member.js';
import { FACTS } from './messages.js';

/** @typedef {import('./member.js').Hooks} Hooks */

/** The calls of an encoder that a worker runs. */
const METHODS = [
  'forward',
  'embed',
  'classify',
  'tokens',
  'answer',
  'fill',
  'rank',
  'transcribe',
  'preprocess',
  'tokenize',
  'weights',
  'weight',
];

/**
 * @param {any} source
 * @param {Record<string, any>} given options of `load`, `worker` among them
 * @returns {Promise<WorkerEncoder>}
 */
export async function loadInWorkers(source, given) {
  const { simd, wasm, worker, dtype, threads, maxTokens, ...reading } = check('load', given, LOADING);
  const { signal, progress } = reading;
  const options = { dtype, maxTokens, simd };
  const { signal: _, fetch, ...words } = readingOf(reading);
  const asked = { ...words, fetch, wanted: wantedByModel };
  const count = Number(worker);
  refuseAborted(signal);
  const isMemory = classOf(source) === 'Object' && source.config && source.tensors;
  // What a name stands for is the same in the worker, except in pages: it reads the files itself.
  const isPlace = typeof source === 'string' || classOf(source) === 'URL';
  const isPlain = isPlace && !fetch && typeof words.cache !== 'object';
  const own = isNode && isPlain ? { place: String(source), words } : null;
  /** @param {import('../loading.js').OpenSource} openIt @param {AbortSignal} [stop] */
  const open = async (openIt, stop) =>
    isMemory ? { memory: source } : openIt(source, { ...asked, signal: stop });
  const core = await loadCore({ simd, wasm, threads });
  /** @param {Hooks} hooks */
  const start = async (hooks) => {
    const member = new Member();
    try {
      const facts = await loadWith(async (openIt) =>
        member.load({ source: own ?? (await open(openIt, hooks.signal)), options, core }, hooks),
      );
      member.memory ??= facts.memory;
      return { member, facts };
    } catch (error) {
      member.end(new DisposedError('this worker could not load its model'));
      throw error;
    }
  };
  // What is no source is refused before a worker is started.
  const known = await open(openSource, signal);
  if ('close' in known) known.close?.();
  const told = sharedProgress(progress, count);
  const begin = (/** @type {number} */ i) => start({ signal, progress: told?.(i) });
  // What is kept once it has come serves the others.
  const isKept = 'findBroken' in known && asked.cache !== false;
  const first = begin(0);
  const isWorth = !isKept || (await first.catch(() => null)) !== null;
  const rest = isWorth ? Array.from({ length: count - 1 }, (_, i) => begin(i + 1)) : [];
  const started = await Promise.allSettled([first, ...rest]);
  const failed = started.find((one) => one.status === 'rejected');
  const loaded = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  if (failed) {
    for (const { member } of loaded) member.end(new DisposedError('another worker could not load its model'));
    throw /** @type {PromiseRejectedResult} */ (failed).reason;
  }
  return new WorkerEncoder(
    loaded.map(({ member }) => member),
    loaded[0].facts,
    async () => (await start({})).member,
  );
}

/**
 * What all workers together have loaded, as if it were one.
 * @param {((state: any) => void) | undefined} progress
 * @param {number} count
 */
function sharedProgress(progress, count) {
  if (!progress) return undefined;
  /** @type {Map<string, number[]>} */
  const files = new Map();
  const share = (/** @type {string} */ name, /** @type {number} */ i, /** @type {number} */ loaded) => {
    const all = files.get(name) ?? Array(count).fill(0);
    files.set(name, all);
    all[i] = loaded;
    return Math.floor(all.reduce((sum, one) => sum + one, 0) / count);
  };
  return (/** @type {number} */ i) =>
    (/** @type {import('../../bindings/loading/progress.js').State} */ { file, loaded, total, all }) =>
      progress({
        ...{ file, total, loaded: share(`file ${file}`, i, loaded) },
        all: { loaded: share('all', i, all.loaded), total: all.total },
      });
}

/** An encoder whose calls run in workers: all calls of an Encoder, each of which gives a promise. */
export class WorkerEncoder {
  /** @type {(Member | Promise<Member>)[] | null} */ #members;
  #facts;
  #start;

  /** @internal @param {Member[]} members @param {Record<string, any>} facts @param {() => Promise<Member>} start */
  constructor(members, facts, start) {
    this.#members = members;
    this.#facts = facts;
    this.#start = start;
  }

  /** @internal @param {string} name */
  fact(name) {
    if (!this.#members) throw disposed();
    const value = this.#facts[name];
    if (value instanceof Error) throw value;
    return value;
  }

  /** Bytes of WebAssembly memory of all its workers. */
  get memory() {
    if (!this.#members) throw disposed();
    return this.#members.reduce(
      (sum, member) => sum + (member instanceof Member ? (member.memory ?? 0) : 0),
      0,
    );
  }

  /**
   * @internal
   * @param {string} method
   * @param {any[]} given
   * @returns {Promise<any>}
   */
  async run(method, given) {
    const { args, hooks } = hooksOf(given);
    const ready = await Promise.all(args.map((arg, i) => pixelsOf(arg, args[i + 1])));
    const parts =
      this.#members && this.#members.length > 1 ? piecesOf(method, ready, this.#members.length) : null;
    if (!parts) return this.#callOne(method, ready, hooks);
    try {
      return await parts.run(
        (piece, told) => this.#callOne(method, piece, { ...hooks, ...told }),
        hooks.progress,
      );
    } catch (error) {
      const isCalls =
        error instanceof WasmformerError && !(error instanceof WorkerError) && error.name !== 'AbortError';
      if (!isCalls || !this.#members) throw error;
      // An error names places in the whole list, which a piece does not know: the call is made again in one piece.
      return this.#callOne(method, ready, hooks);
    }
  }

  /** The worker that has least to do; one that has ended is replaced. @param {string} method @param {any[]} args @param {Hooks} hooks */
  async #callOne(method, args, hooks) {
    if (!this.#members) throw disposed();
    const members = this.#members;
    const loads = members.map((member) =>
      member instanceof Member && member.isAlive ? member.pending : 0.5,
    );
    const place = loads.indexOf(Math.min(...loads));
    const found = members[place];
    if (found instanceof Member && found.isAlive) return found.call(method, args, hooks);
    const next = found instanceof Member ? this.#start() : found;
    members[place] = next;
    try {
      const member = await next;
      if (!this.#members) member.end(disposed());
      else members[place] = member;
      return member.call(method, args, hooks);
    } catch (error) {
      if (members[place] === next && found instanceof Member) members[place] = found;
      throw error;
    }
  }

  /** What the encoder is, as an Encoder says it, and how many workers run it. */
  toString() {
    if (!this.#members) return 'Encoder (disposed)';
    return `${this.#facts.text}, ${this.#members.length === 1 ? 'in a worker' : `in ${this.#members.length} workers`}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')]() {
    return this.toString();
  }

  /** Ends the workers. Calls that run and calls that follow throw a DisposedError. */
  dispose() {
    const members = this.#members ?? [];
    this.#members = null;
    for (const member of members)
      Promise.resolve(member).then(
        (one) => one.end(disposed()),
        () => {},
      );
  }

  [Symbol.dispose]() {
    this.dispose();
  }

  async [Symbol.asyncDispose]() {
    this.dispose();
  }
}

const disposed = () => new DisposedError('this encoder was disposed');

for (const method of METHODS)
  Object.defineProperty(WorkerEncoder.prototype, method, {
    value(/** @type {any[]} */ ...args) {
      return this.run(method, args);
    },
  });
for (const name of FACTS)
  Object.defineProperty(WorkerEncoder.prototype, name, {
    get() {
      return this.fact(name);
    },
  });
// An engine without these symbols took their names for this one.
Reflect.deleteProperty(WorkerEncoder.prototype, 'undefined');
