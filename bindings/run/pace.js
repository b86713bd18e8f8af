/** How long work keeps the event loop: a call of the core stays short, and between calls the loop runs now and then. */
import { AbortError } from '../errors.js';

/** Milliseconds after which the event loop runs again, and that one call of the core aims to take. */
const PATIENCE = 16;
const CALL = 6;

/** @typedef {() => Promise<void> | undefined} Breath lets the event loop run if it is time; throws an AbortError */

/**
 * Lets the event loop run, without the delay that timers have: by setImmediate, or a message where there is none. Edge runtimes
 * have neither; Next has functions there that throw.
 * @returns {Promise<void>}
 */
const tick = () =>
  new Promise((resolve) => {
    if ('EdgeRuntime' in globalThis) return void setTimeout(resolve);
    if (typeof setImmediate === 'function') return void setImmediate(resolve);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });

/**
 * What a call that takes a while awaits wherever it can stop.
 * @param {AbortSignal} [signal]
 * @returns {Breath}
 */
export function breather(signal) {
  let last = performance.now();
  const check = () => {
    if (signal?.aborted) throw new AbortError('the call was aborted', { cause: signal.reason });
  };
  return () => {
    check();
    if (performance.now() - last < PATIENCE) return undefined;
    return tick().then(() => {
      last = performance.now();
      check();
    });
  };
}

/** Finds how much work makes a call of about CALL milliseconds. */
export class Pace {
  /** Million multiplications. */
  #work = 64;

  /** @param {(work: number) => void} call */
  measure(call) {
    const start = performance.now();
    call(this.#work);
    const taken = Math.max(0.1, performance.now() - start);
    const fitting = (this.#work * CALL) / taken;
    this.#work = Math.max(1, Math.min(2 * this.#work, Math.ceil(fitting), 1 << 20));
  }
}
