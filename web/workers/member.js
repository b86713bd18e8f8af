/** One worker of a pool: calls go in, results come out, and its death is noticed. Not here: which calls (pool.js). */
import { InputError, show, WorkerError } from '../../bindings/errors.js';
import { startWorker } from '../start-worker.js';
import { answersOf } from './files.js';
import { pack, unpack } from './messages.js';

/**
 * @typedef {{ progress?: (state: any) => void, signal?: AbortSignal }} Hooks
 * @typedef {{ resolve: (value: any) => void, reject: (error: unknown) => void, hooks: Hooks, unhook: () => void }} Call
 */

export class Member {
  /** @type {Map<number, Call>} */ #calls = new Map();
  #last = 0;
  /** @type {Error | undefined} */ #ended;
  /** @type {((question: any) => Promise<any>) | undefined} */ #answers;
  #worker;
  /** Bytes of its WebAssembly memory. @type {number | undefined} */
  memory;

  constructor() {
    this.#worker = startWorker();
    this.#worker.listen((message) => this.#hear(message));
    this.#worker.onEnd((reason) =>
      this.end(
        new WorkerError(`the worker that ran this call ended (${reason}); the next call starts another`),
      ),
    );
  }

  get isAlive() {
    return !this.#ended;
  }

  /** Calls that it has not answered. */
  get pending() {
    return this.#calls.size;
  }

  /**
   * @param {object} given
   * @param {import('../../bindings/loading/files.js').Source | { memory: any } | { place: string, words: object }} given.source
   * @param {object} given.options
   * @param {object} given.core
   * @param {Hooks} hooks
   */
  load({ source, options, core }, hooks) {
    if ('memory' in source || 'place' in source)
      return this.#send({ method: 'load', source: pack(source), options, core }, hooks);
    this.#answers = answersOf(source);
    const { name, advice, list, sizes } = source;
    return this.#send(
      {
        method: 'load',
        source: { name, advice, hasList: Boolean(list), hasSizes: Boolean(sizes) },
        options,
        core,
      },
      hooks,
    );
  }

  /** @param {string} method @param {any[]} args without the hooks @param {Hooks} [hooks] */
  call(method, args, hooks = {}) {
    return this.#send({ method, args: pack(args) }, hooks);
  }

  /** @param {Error} reason what its calls are refused with */
  end(reason) {
    if (this.#ended) return;
    this.#ended = reason;
    this.#worker.end();
    for (const id of [...this.#calls.keys()]) this.#settle(id)?.reject(reason);
  }

  /** @param {object} message @param {Hooks} hooks @returns {Promise<any>} */
  #send(message, hooks) {
    const { signal, progress } = hooks;
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      const id = ++this.#last;
      const abort = () => this.#post({ abort: id, reason: reasonOf(signal) });
      const unhook = () => signal?.removeEventListener('abort', abort);
      this.#calls.set(id, { resolve, reject, hooks, unhook });
      this.#worker.hold(true);
      signal?.addEventListener('abort', abort);
      const asks = { hasSignal: Boolean(signal), hasProgress: Boolean(progress), aborted: signal?.aborted };
      try {
        this.#worker.post({ ...message, id, ...asks, ...(signal?.aborted && { reason: reasonOf(signal) }) });
      } catch (cause) {
        const { message: reason } = /** @type {Error} */ (cause);
        this.#settle(id)?.reject(
          new InputError(`an argument cannot be given to a worker: ${reason}`, {
            value: show(message),
            cause,
          }),
        );
      }
    });
  }

  /** @param {any} message @param {Transferable[]} [transfer] */
  #post(message, transfer) {
    if (!this.#ended) this.#worker.post(message, transfer);
  }

  /** @param {any} message */
  async #hear({ id, question, ...message }) {
    if (question !== undefined) {
      try {
        const value = await this.#answers?.(message);
        this.#post({ answer: question, value }, value instanceof Uint8Array ? [value.buffer] : undefined);
      } catch (error) {
        this.#post({ answer: question, error: pack(error) });
      }
      return;
    }
    if ('progress' in message) return this.#tell(id, message.progress);
    const call = this.#settle(id);
    if (message.memory !== undefined) this.memory = message.memory;
    if ('error' in message) call?.reject(unpack(message.error));
    else call?.resolve(unpack(message.result));
  }

  /** A listener's own error ends its call, as without workers. @param {number} id @param {any} state */
  #tell(id, state) {
    try {
      this.#calls.get(id)?.hooks.progress?.(state);
    } catch (error) {
      this.#post({ abort: id });
      this.#settle(id)?.reject(error);
    }
  }

  /** @param {number} id */
  #settle(id) {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    call?.unhook();
    if (this.#calls.size === 0 && !this.#ended) this.#worker.hold(false);
    return call;
  }
}

/** @param {AbortSignal | undefined} signal */
const reasonOf = (signal) => {
  const reason = signal?.reason;
  return reason instanceof Error ? pack(reason) : show(reason);
};
