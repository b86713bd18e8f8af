/** How far something is: a line of 3 px and words with a way out, "31 of 91 MB · Cancel". */
import { make } from './dom.js';

/**
 * @param {() => void} cancel
 * @returns {HTMLElement & { set: (share: number, text: string) => void }} hidden until it is set
 */
export function progressLine(cancel) {
  const bar = make('div', {
    className: 'bar',
    role: 'progressbar',
    'aria-valuemin': 0,
    'aria-valuemax': 100,
  });
  const words = make('span');
  const stop = make('button', { type: 'button', className: 'plain' }, 'Cancel');
  stop.addEventListener('click', cancel);
  const line = make('p', { className: 'caption' }, words, ' · ', stop);
  const root = make('div', { className: 'progress', hidden: true }, bar, line);
  const set = (/** @type {number} */ share, /** @type {string} */ text) => {
    root.hidden = false;
    bar.style.setProperty('--share', `${100 * share}%`);
    bar.setAttribute('aria-valuenow', String(Math.round(100 * share)));
    bar.setAttribute('aria-valuetext', text);
    words.textContent = text;
  };
  return Object.assign(root, { set });
}

/** @param {number} loaded bytes @param {number} total */
export const megabytes = (loaded, total) => `${Math.round(loaded / 1e6)} of ${Math.round(total / 1e6)} MB`;
