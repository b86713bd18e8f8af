/**
 * The demo page: mounts its sections and says in the header what runs. A section is a module with `mount`, its markup is
 * in index.html.
 */
import { mount as mountEncodings } from './sections/encodings.js';
import { mount as mountSentences } from './sections/sentences.js';
import { mount as mountWindowBias } from './sections/window-bias.js';

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

const section = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

mountSentences(section('sentences'), page);
mountEncodings(section('encodings'));
mountWindowBias(section('window-bias'));

// The address holds the page's state, so links to sections scroll without changing it.
for (const link of document.querySelectorAll('a[data-section]')) {
  link.addEventListener('click', (event) => {
    event.preventDefault();
    const target = section(/** @type {HTMLElement} */ (link).dataset.section ?? '');
    const heading = /** @type {HTMLElement} */ (target.querySelector('h2'));
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    target.scrollIntoView();
  });
}

// The pages on encodings, where `make docs` has built them.
/** @type {string[]} */
const pages = await fetch('../docs/index.json')
  .then((response) => (response.ok ? response.json() : []))
  .catch(() => []);
if (pages.length) {
  const link = Object.assign(document.createElement('a'), { href: '../docs/', textContent: 'Reference' });
  document.querySelector('.sections')?.append(link);
}
