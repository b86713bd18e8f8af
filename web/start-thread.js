/** Starting threads of the core, and whether there can be any. Not here: what they do (thread.js), when (bindings/core/team.js). */
import { besideOf, isNode, os, threads } from './node.js';

/** @typedef {import('../bindings/core/team.js').Joining} Joining */
/** @typedef {import('../bindings/core/team.js').Thread} Thread */

/** Why there are no threads here, null where there are. @returns {string | null} */
export function whyAlone() {
  if (isNode) return null;
  if (typeof Worker === 'undefined') return 'there are no workers here';
  if (!globalThis.crossOriginIsolated)
    return 'the page is not cross-origin isolated: its server sends no Cross-Origin-Opener-Policy: same-origin with Cross-Origin-Embedder-Policy: require-corp';
  // WebKitGTK is isolated and has none.
  if (typeof SharedArrayBuffer === 'undefined') return 'this engine has no memory that threads share';
  return null;
}

/** @returns {number} */
export const coreCount = () =>
  globalThis.navigator?.hardwareConcurrency ?? (isNode ? os().availableParallelism() : 1);

/** @param {Joining} joining @returns {Thread} */
export const startThread = (joining) => (isNode ? startInNode(joining) : startOnPage(joining));

/** @param {Joining} joining @returns {Thread} */
function startOnPage(joining) {
  const worker = new Worker(new URL('./thread.js', import.meta.url), { type: 'module' });
  const joined = new Promise((resolve, reject) => {
    worker.addEventListener('message', () => resolve(undefined));
    worker.addEventListener('error', ({ message }) =>
      reject(new Error(message || 'its program could not be fetched or run')),
    );
    try {
      worker.postMessage(joining);
    } catch (error) {
      reject(error); // what it cannot be given
    }
  });
  return { joined, end: () => worker.terminate() };
}

/** In Node, Deno and Bun. @param {Joining} joining @returns {Thread} */
function startInNode(joining) {
  // By no address that bundlers see, and without the program's own flags: see start-worker.js.
  const worker = new (threads().Worker)(besideOf(import.meta.url, 'thread.js'), { execArgv: [] });
  const joined = new Promise((resolve, reject) => {
    worker.on('message', resolve);
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`exit code ${code}`)));
  });
  // The program waits for it, but not once it is there.
  const unhold = () => worker.unref();
  joined.then(unhold, unhold);
  worker.postMessage(joining);
  return { joined, end: () => void worker.terminate() };
}
