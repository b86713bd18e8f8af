/**
 * The threads that share an instance's memory and the loops of its forwards. Not here: how a thread is started (the environment's
 * part, in web/), what it does (c/runtime/team.c).
 */

/** Bytes of a thread's stack: what the linker gives the first one. */
const STACK = 1 << 16;

/**
 * @typedef {object} Joining what a thread is given
 * @property {WebAssembly.Module} module
 * @property {WebAssembly.Memory} memory
 * @property {number} stack where its stack begins, which goes down
 * @property {number} team
 * @property {number} thread its number, from 1 on
 *
 * @typedef {{ joined: Promise<void>, end: () => void }} Thread joined fails if it could not be started
 * @typedef {(joining: Joining) => Thread} StartThread
 */

/** Who lets go of a model without disposing of it leaves no threads behind. @type {FinalizationRegistry<Thread[]>} */
const forgotten = new FinalizationRegistry((threads) => {
  for (const thread of threads) thread.end();
});

export class Team {
  /** @type {Thread[]} */ #threads = [];
  /** Of the team in the instance's memory. */
  address;
  /** How many threads share a forward, the caller's among them. */
  count;
  /** Why there are no others. @type {string | null} */
  why = null;

  /**
   * @param {import('./instance.js').Instance} instance whose memory is shared
   * @param {Pick<Joining, 'module' | 'memory'>} given
   * @param {number} count
   * @param {StartThread} start
   */
  constructor(instance, given, count, start) {
    this.count = count;
    this.address = instance.reserve(instance.call('wf_team_bytes'));
    for (let thread = 1; thread < count; thread++) {
      const stack = instance.reserve(STACK, { zeros: false }) + STACK;
      const started = start({ ...given, stack, team: this.address, thread });
      started.joined.catch(() => {}); // told by `ready`
      this.#threads.push(started);
    }
    forgotten.register(this, this.#threads);
  }

  /** Comes when all threads are there, or cannot be had: then the caller's does it all. */
  async ready() {
    try {
      await Promise.all(this.#threads.map(({ joined }) => joined));
    } catch (error) {
      this.end();
      this.count = 1;
      this.why = `a thread could not be started: ${/** @type {Error} */ (error).message}`;
    }
  }

  /** Ends the threads. */
  end() {
    for (const thread of this.#threads.splice(0)) thread.end();
  }
}
