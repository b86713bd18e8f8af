/**
 * One file from a server: tried again where the server asks for patience, given up where it falls silent or the caller
 * aborts. Not here: what an answer means (source-url.js, hub.js), connections that break (download.js).
 */
import { AbortError, InputError, NetworkError, show } from '../bindings/errors.js';
import { TIMEOUT } from '../bindings/loading/files.js';
import { answerOf, reasonOf } from './reasons.js';
import { onAbort } from './stopping.js';

/**
 * @typedef {object} RequestOptions
 * @property {(url: URL, init?: any) => Promise<any>} [fetch] instead of the environment's own
 * @property {AbortSignal} [signal]
 * @property {number} [timeout] milliseconds that the server may send nothing
 * @property {(url: URL) => Record<string, string>} [headers] for an address: a token is not for every server
 * @property {'manual'} [redirect] to follow redirections here: their own headers tell more than those of the storage behind
 */

/** A connection that broke, or never came about: asked again, it may hold. */
export class BrokenConnection extends NetworkError {}

const REDIRECTIONS = [301, 302, 303, 307, 308];
const MOST_REDIRECTIONS = 10;

/** Too many requests; unavailable. */
const TRY_AGAIN = [429, 503];
const TRIES = 4;
/** Milliseconds before the second try, twice as long before each further one, unless the server names a time. */
const FIRST_PAUSE = 500;
const LONGEST_TIMER = 2 ** 31 - 1;

/** An address for people: a query or a password in it may be secret. @param {URL} url */
export function nameOf(url) {
  const shown = new URL(url);
  for (const part of /** @type {const} */ (['search', 'hash', 'username', 'password'])) shown[part] = '';
  return shown.protocol === 'data:' ? `${shown.href.slice(0, 40)}…` : shown.href;
}

/**
 * @param {URL} url
 * @param {RequestOptions} options
 * @returns {Promise<Exchange>} with an answer of any other status
 * @throws {NetworkError} if there is no answer, or none but "try again"; {AbortError}
 */
export async function get(url, options) {
  for (let tries = 1; ; tries++) {
    const exchange = new Exchange(url, options);
    const response = await exchange.open();
    if (!TRY_AGAIN.includes(response.status)) return exchange;
    exchange.close();
    if (tries === TRIES) throw exchange.failure(answerOf(response, tries));
    const asked = pauseAsked(response.headers.get('retry-after'));
    if (asked > Math.min(exchange.timeout, LONGEST_TIMER))
      throw exchange.failure(`${answerOf(response)} and asks to wait for ${Math.ceil(asked / 1000)} s`);
    await sleep(Number.isNaN(asked) ? FIRST_PAUSE * 2 ** (tries - 1) : asked, options.signal);
  }
}

export class Exchange {
  /** For errors. */
  name;
  timeout;
  /** Of `open`. @type {Response} */
  response = /** @type {any} */ (undefined);
  /** The headers of the server asked, wherever it sent us. @type {Headers} */
  ownHeaders = /** @type {any} */ (undefined);
  #url;
  #fetch;
  #headers;
  #redirect;
  #signal;
  #stop = new AbortController();
  /** Ends the step under way. @type {(error: Error) => void} */ #interrupt = () => {};
  /** When the step under way began. */ #since = Infinity;
  /** One for all steps: one for each chunk would cost as much as reading it. @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  #unhook = () => {};
  /** @type {{ cancel: () => Promise<void> } | undefined} */ #reader;

  /** @param {URL} url @param {RequestOptions} options */
  constructor(url, { fetch: ask = fetch, signal, timeout = TIMEOUT, headers, redirect }) {
    this.name = nameOf(url);
    this.timeout = timeout;
    this.#url = url;
    this.#fetch = ask;
    this.#signal = signal;
    this.#headers = headers;
    this.#redirect = redirect;
    if (!signal) return;
    this.#unhook = onAbort(signal, () => {
      this.#interrupt(aborted(signal));
      this.close();
    });
  }

  async open() {
    let url = this.#url;
    for (let count = 0; ; count++) {
      const response = await this.#ask(url);
      this.response = response;
      this.ownHeaders ??= response.headers;
      const to = this.#redirect && REDIRECTIONS.includes(response.status) && response.headers.get('location');
      if (!to) return response;
      response.body?.cancel().catch(() => {});
      if (count === MOST_REDIRECTIONS) throw this.failure(`it is redirected more than ${count} times`);
      const from = url;
      url = await this.#step(async () => new URL(to, from));
    }
  }

  /** @param {URL} url */
  async #ask(url) {
    const ask = this.#fetch; // called by no object, as the environment's own wants it
    const init = {
      signal: this.#stop.signal,
      ...(this.#headers && { headers: this.#headers(url) }),
      ...(this.#redirect && { redirect: this.#redirect }),
    };
    const response = await this.#step(async () => ask(url, init));
    if (typeof response?.status === 'number' && typeof response.headers?.get === 'function') return response;
    const message = `option "fetch" gave ${show(response)} for ${this.name}; expected a Response`;
    throw new InputError(message, { path: 'fetch', value: response });
  }

  /** @param {string} reason @param {unknown} [cause] */
  failure(reason, cause, Kind = NetworkError) {
    return new Kind(`${this.name} could not be fetched: ${reason}`, { path: this.name, cause });
  }

  /** The body's bytes, each chunk good until the next is asked for; they end in an error where the connection does. @returns {AsyncGenerator<Uint8Array>} */
  async *chunks() {
    const { body, headers } = this.response;
    try {
      if (!body) return void (yield new Uint8Array(await this.#step(() => this.response.arrayBuffer())));
      const length = Number(headers.get('content-length'));
      const { read, reader } = reading(body, length > 0 ? Math.min(length, CHUNK) : CHUNK);
      this.#reader = reader;
      for (;;) {
        const { done, value } = await this.#step(read);
        if (done) return;
        if (value) yield value;
      }
    } finally {
      this.close();
    }
  }

  /** Lets the connection go; what of the body is not read is not wanted. */
  close() {
    clearTimeout(this.#timer);
    this.#unhook();
    this.#stop.abort();
    const cancelled = this.#reader ? this.#reader.cancel() : this.response?.body?.cancel();
    cancelled?.catch(() => {}); // it was whole, broken or aborted already
  }

  /**
   * A step of the request, which ends when the step fails, the server is silent or the caller aborts: a `fetch` of the
   * caller's need not know of signals.
   * @template T
   * @param {() => Promise<T>} step
   * @returns {Promise<T>}
   */
  async #step(step) {
    try {
      refuseAborted(this.#signal);
      this.#since = performance.now();
      return await new Promise((resolve, reject) => {
        this.#interrupt = reject;
        if (this.timeout !== Infinity) this.#timer ??= setTimeout(this.#watch, this.timeout);
        step().then(resolve, reject);
      });
    } catch (cause) {
      this.close();
      if (cause instanceof AbortError || cause instanceof NetworkError) throw cause;
      throw this.failure(reasonOf(cause), cause, BrokenConnection);
    } finally {
      this.#since = Infinity;
    }
  }

  /** Ends a step that takes too long. */
  #watch = () => {
    this.#timer = undefined;
    const left = this.#since + this.timeout - performance.now();
    if (left === Infinity) return;
    const reason = `the server sent nothing for ${this.timeout} ms`;
    if (left > 0) this.#timer = setTimeout(this.#watch, left);
    else this.#interrupt(this.failure(reason, undefined, BrokenConnection));
  };
}

/** Bytes read from a connection at a time. */
const CHUNK = 1 << 20;

/**
 * How to read a body: into one buffer over and over where the engine can, else a new one comes with every chunk.
 * @param {ReadableStream<Uint8Array>} body
 * @param {number} length of the buffer
 */
function reading(body, length) {
  try {
    const reader = body.getReader({ mode: 'byob' });
    let buffer = new ArrayBuffer(length);
    const read = async () => {
      const { done, value } = await reader.read(new Uint8Array(buffer));
      if (value) buffer = value.buffer;
      return { done, value };
    };
    return { read, reader };
  } catch {
    /** @type {ReadableStreamDefaultReader<any>} */
    const reader = body.getReader(); // streams are not async iterables in every browser
    return { read: () => reader.read(), reader };
  }
}

/**
 * @param {string | null} header seconds, or a date; servers of other origins do not let it be seen
 * @returns {number} milliseconds; NaN if no time is named
 */
function pauseAsked(header) {
  const text = header?.trim() ?? '';
  const pause = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Math.max(0, pause);
}

/** @param {number} milliseconds @param {AbortSignal} [signal] */
export async function sleep(milliseconds, signal) {
  refuseAborted(signal);
  await new Promise((resolve, reject) => {
    const timer = setTimeout(over, milliseconds);
    function over() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', over);
      if (signal?.aborted) reject(aborted(signal));
      else resolve(undefined);
    }
    signal?.addEventListener('abort', over);
  });
}

/** @param {AbortSignal} [signal] */
const aborted = (signal) => new AbortError('loading was aborted', { cause: signal?.reason });

/** @param {AbortSignal} [signal] */
function refuseAborted(signal) {
  if (signal?.aborted) throw aborted(signal);
}
