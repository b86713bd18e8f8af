/**
 * The demo page: mounts its sections and says in the header what runs. A section is a module with `mount`, its markup is
 * in index.html.
 */
import { mount as mountSentences } from './sections/sentences.js';

/**
 * What a section may use of the page.
 * @typedef {object} Page
 * @property {(facts: string[]) => void} showBadges short facts for the header
 */

const badges = /** @type {HTMLElement} */ (document.getElementById('badges'));

/** @type {Page} */
const page = {
  showBadges(facts) {
    badges.replaceChildren(
      ...facts.map((fact) => Object.assign(document.createElement('li'), { textContent: fact })),
    );
  },
};

mountSentences(/** @type {HTMLElement} */ (document.getElementById('sentences')), page);
