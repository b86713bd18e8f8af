/**
 * Counts what the library's own code does, so that a test can hold work to the size of its input on any machine: how often
 * each block of it ran (a call, a branch, a round of a loop), as V8 counts them for coverage. It begins when this file is
 * imported; of functions that ran before, calls alone are counted. Never counted: what the engine's own functions do inside,
 * such as JSON.parse. Not a test.
 */
import { Session } from 'node:inspector';

/** Scripts of this folder are counted. */
const BINDINGS = new URL('../../bindings/', import.meta.url).href;

const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/** @returns {number} steps since the last time */
function take() {
  let sum = 0;
  // The answer comes before post returns: the session is of this thread.
  session.post('Profiler.takePreciseCoverage', (error, answer) => {
    if (error) throw error;
    const scripts = answer.result.filter(({ url }) => url.startsWith(BINDINGS));
    const blocks = scripts.flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges));
    sum = blocks.reduce((total, { count }) => total + count, 0);
  });
  return sum;
}

/** @param {() => void} action @returns {number} its steps */
export function stepsOf(action) {
  take();
  action();
  return take();
}
