/** Opening a visitor's model: one at a time, with its progress, a way out, and what is wrong with it. Not here: where it comes from (drop.js). */
import { make } from './dom.js';
import { reasonOf } from './drop.js';
import { megabytes, progressLine } from './progress.js';

/**
 * @typedef {Required<Pick<import('../../bindings/public.js').LoadOptions, 'progress' | 'signal'>>} Hooks
 *
 * @param {AbortSignal} signal of the page
 * @param {string} need what to say of a model that reads something else, as for `faultOf`
 */
export function createOpening(signal, need) {
  const fault = make('p', { className: 'fault', role: 'alert', hidden: true });
  /** @type {AbortController | null} */
  let loading = null;
  const progress = progressLine(() => loading?.abort());
  signal.addEventListener('abort', () => loading?.abort());

  /** @param {string} text '' for none */
  const complain = (text) => {
    fault.hidden = !text;
    fault.textContent = text;
  };

  return {
    progress,
    fault,
    complain,
    /**
     * Ends what is being opened, and opens something else.
     * @param {string} name for people
     * @param {unknown} source as `load` takes it
     * @param {(hooks: Hooks) => Promise<unknown>} open
     */
    async run(name, source, open) {
      loading?.abort();
      const mine = new AbortController();
      loading = mine;
      complain('');
      progress.set(0, `Opening ${name}`);
      try {
        await open({
          signal: mine.signal,
          progress: ({ all: { loaded, total } }) => {
            if (!mine.signal.aborted) progress.set(loaded / total, megabytes(loaded, total));
          },
        });
      } catch (error) {
        if (!mine.signal.aborted) complain(reasonOf(error, need, source));
      } finally {
        if (loading === mine) {
          loading = null;
          progress.hidden = true;
        }
      }
    },
  };
}
