/** The page's end of the thread (worker.js): the newest drawing wins, older ones that wait are not read. */
import bias from 'model:digits/bias';
import learned from 'model:digits/learned';
import none from 'model:digits/none';
import rotary from 'model:digits/rotary';
import sines from 'model:digits/sines';
import address from 'worker:demo/rooms/draw/worker.js';

/** @typedef {import('./reading.js').Asked} Asked */
/** @typedef {Record<string, import('./reading.js').Answers>} AllAnswers by the kind of network */

/**
 * @param {(answers: AllAnswers, asked: Asked) => void} take
 * @param {(message: string) => void} complain
 * @param {AbortSignal} signal
 */
export function startNetworks(take, complain, signal) {
  const worker = new Worker(address, { type: 'module' });
  /** @type {Asked | null} what the thread reads */
  let now = null;
  /** @type {Asked | null} */
  let next = null;
  let isReady = false;
  signal.addEventListener('abort', () => worker.terminate());
  worker.onerror = (event) => {
    event.preventDefault();
    complain(
      event.message
        ? `The networks stopped: ${event.message}.`
        : 'The networks could not be fetched: is there a network?',
    );
  };
  worker.onmessage = ({ data: { id, answer, fault } }) => {
    if (fault) complain(`The networks could not read this: ${fault}.`);
    if (id === 0) isReady = !fault;
    else {
      if (!fault && now) take(answer, now);
      now = null;
    }
    go();
  };
  const go = () => {
    if (!isReady || now || !next) return;
    [now, next] = [next, null];
    worker.postMessage({ id: 1, asked: now });
  };
  worker.postMessage({ id: 0, models: { none, learned, sines, bias, rotary } });
  return {
    /** @param {Asked} asked */
    ask(asked) {
      next = asked;
      go();
    },
  };
}
