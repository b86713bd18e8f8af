/** What the columns of a table hold, in brackets under its picture. */
import { make } from './dom.js';

/** @typedef {{ words: string, columns: number }} Part side by side from the left */

export function createBrackets() {
  const root = make('div', { className: 'brackets', hidden: true });
  let made = '';
  return {
    root,
    /** @param {readonly Part[]} [parts] */
    show(parts = []) {
      const key = JSON.stringify(parts);
      root.hidden = parts.length === 0;
      if (key === made) return;
      made = key;
      root.replaceChildren(
        ...parts.map(({ words, columns }) => make('span', { style: `flex-grow: ${columns}` }, words)),
      );
    },
  };
}
