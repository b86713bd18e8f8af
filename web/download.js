/**
 * A file from a server over connections that may break: asked again after a pause, and where bytes have come already, for the
 * rest alone. Bytes of another file never follow those that came. Not here: one exchange (request.js), whether the bytes are those
 * promised (hashes.js).
 */
import { FormatError } from '../bindings/errors.js';
import { answerOf, saidBy } from './reasons.js';
import { BrokenConnection, get, sleep } from './request.js';

/**
 * @typedef {import('./request.js').RequestOptions} RequestOptions
 * @typedef {import('./request.js').Exchange} Exchange
 *
 * @typedef {object} Expected what is known of the file
 * @property {number | null} size
 * @property {boolean} isProven whether a digest will show if the bytes are not those of one file
 */

/** Servers say so of a fault that may pass. */
const FAULTS = [500, 502, 504];
const TRIES = 4;
/** Milliseconds before the second try, twice as long before each further one. */
const FIRST_PAUSE = 250;

/** @param {number} tries so far @param {RequestOptions} options */
const pause = (tries, { signal }) => sleep(FIRST_PAUSE * 2 ** (tries - 1), signal);

/**
 * An answer, after as many tries as connections may need.
 * @param {URL} url
 * @param {RequestOptions} options
 * @param {{ tries?: number, headers?: Record<string, string> }} [more] tries: fewer where there is another way
 * @returns {Promise<Exchange>} with any status that is not a passing fault
 * @throws {NetworkError}
 */
export async function ask(url, options, { tries: most = TRIES, headers } = {}) {
  const asking = headers
    ? { ...options, headers: (/** @type {URL} */ at) => ({ ...options.headers?.(at), ...headers }) }
    : options;
  for (let tries = 1; ; tries++) {
    let failure;
    try {
      const exchange = await get(url, asking);
      if (!FAULTS.includes(exchange.response.status)) return exchange;
      exchange.close();
      failure = exchange.failure(answerOf(exchange.response, tries));
    } catch (error) {
      if (!(error instanceof BrokenConnection)) throw error;
      failure = error;
    }
    if (tries === most) throw failure;
    await pause(tries, options);
  }
}

export class Download {
  /** Bytes of the file that have come, or were there before. */
  position;
  #url;
  #options;
  #expected;
  /** @type {Exchange | null} */ #exchange;
  /** The file's own mark, where it says that bytes are equal. @type {string | null} */ #mark;
  /** Whether places in what comes are places in the file. */
  #isPlain = true;
  /** Why the last connection ended. @type {Error | undefined} */ #broke;
  /** Bytes that come once more. */
  #skipped = 0;

  /**
   * @param {URL} url
   * @param {RequestOptions} options
   * @param {Expected} expected
   * @param {{ exchange: Exchange } | { position: number }} start an answer that has come, or the bytes that are there already
   */
  constructor(url, options, expected, start) {
    this.#url = url;
    this.#options = options;
    this.#expected = expected;
    this.#exchange = 'exchange' in start ? start.exchange : null;
    this.position = 'position' in start ? start.position : 0;
    this.#mark = this.#exchange && markOf(this.#exchange);
    if (this.#exchange) this.#isPlain = isPlain(this.#exchange);
  }

  /** @returns {AsyncGenerator<Uint8Array>} what is not there yet */
  async *chunks() {
    const { size } = this.#expected;
    let tries = 0;
    for (let isOver = this.position === size; !isOver; ) {
      try {
        this.#exchange ??= await this.#resume();
        for await (const chunk of this.#exchange.chunks()) {
          const fresh = chunk.subarray(Math.min(chunk.length, this.#skipped));
          this.#skipped -= chunk.length - fresh.length;
          if (!fresh.length) continue;
          this.position += fresh.length;
          if (size !== null && this.position > size) throw this.#tooLong(this.#exchange.name, size);
          tries = 0;
          yield fresh;
        }
        isOver = (size === null || this.position === size) && !this.#skipped;
        if (!isOver) throw this.#exchange.failure(this.#ending(), undefined, BrokenConnection);
      } catch (error) {
        if (!(error instanceof BrokenConnection) || ++tries === TRIES || !this.#isKnown()) throw error;
        this.#exchange = null;
        this.#broke = error;
        await pause(tries, this.#options);
      }
    }
  }

  /** Lets the connection go. */
  close() {
    this.#exchange?.close();
  }

  /** Whether bytes that come now can be told from those of another file. */
  #isKnown() {
    return this.position === 0 || this.#expected.isProven || this.#mark !== null;
  }

  #ending() {
    const { size } = this.#expected;
    return `it ends after ${this.position} bytes${size === null ? '' : `; expected ${size}`}`;
  }

  /** @param {string} name @param {number} size */
  #tooLong(name, size) {
    this.close();
    return new FormatError(`${name} goes on behind byte ${size}, where it should end`, { path: name });
  }

  /** @returns {Promise<Exchange>} whose body goes on where the bytes end, or begins anew with those that came */
  async #resume() {
    this.#skipped = 0;
    const { position } = this;
    const isRest = position > 0 && this.#isPlain;
    const exchange = await ask(this.#url, this.#options, isRest ? { headers: this.#rangeHeaders() } : {});
    const { status } = exchange.response;
    const refuse = (/** @type {string} */ reason) => {
      exchange.close();
      const message = `the connection broke after ${position} bytes, and ${reason}`;
      return exchange.failure(message, this.#broke);
    };
    if (status === 206 && isRest) {
      const wrong = this.#whyNotRest(exchange);
      if (wrong) throw refuse(wrong);
      return exchange;
    }
    if (status !== 200) throw refuse(answerOf(exchange.response));
    const mark = markOf(exchange);
    const isSame = position === 0 || this.#expected.isProven || (mark !== null && mark === this.#mark);
    if (!isSame) throw refuse('the file, sent from its beginning, is not known to be the same');
    this.#mark = mark;
    this.#isPlain = isPlain(exchange);
    this.#skipped = position;
    return exchange;
  }

  /** Where a digest decides, the mark is not sent: pages of other origins may not. */
  #rangeHeaders() {
    const range = { range: `bytes=${this.position}-` };
    return this.#mark && !this.#expected.isProven ? { ...range, 'if-range': this.#mark } : range;
  }

  /** Why a part is not the rest of this file. @param {Exchange} exchange @returns {string | null} */
  #whyNotRest(exchange) {
    const { size, isProven } = this.#expected;
    const said = exchange.response.headers.get('content-range');
    const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(said?.trim() ?? '') ?? [];
    // Across origins the header may be hidden.
    if (said === null && isProven) return null;
    if (Number(first) !== this.position || first === undefined)
      return `the server sent another part than the one asked for, ${said}; expected bytes ${this.position}-`;
    if (size !== null && total !== '*' && Number(total) !== size)
      return `the file has ${total} bytes now; expected ${size}`;
    if (isProven || (this.#mark !== null && markOf(exchange) === this.#mark)) return null;
    return 'the rest is not known to be of the same file';
  }
}

/** Milliseconds after which a file that has changed has another date for certain. */
const AGE = 60_000;

/** What stands for the file's bytes: an ETag that is not a weak one, or the date of a change that was not just now. @param {Exchange} exchange */
function markOf({ response: { headers } }) {
  const mark = headers.get('etag');
  if (mark?.startsWith('"')) return mark;
  const [changed, sent] = ['last-modified', 'date'].map((name) => headers.get(name) ?? '');
  return Date.parse(sent) - Date.parse(changed) >= AGE ? changed : null;
}

/** @param {Exchange} exchange */
const isPlain = ({ response }) => /^(?:identity)?$/i.test(response.headers.get('content-encoding') ?? '');

/** That a server gave no file, but an answer. @param {Exchange} exchange @param {string} [advice] */
export function refusal(exchange, advice = '') {
  exchange.close();
  return exchange.failure(saidBy(exchange.response) + advice);
}
