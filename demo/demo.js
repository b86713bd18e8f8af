/**
 * The demo page: mounts its sections and says in the header what runs. A section is a module with `mount`, its markup is
 * in index.html.
 */
import './parts/copy.js';
import { readState, writeState } from './parts/state.js';
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
const mounted = Promise.allSettled([
  mountEncodings(section('encodings')),
  mountWindowBias(section('window-bias')),
]);

/** @param {HTMLElement} target a section */
function goTo(target) {
  const heading = /** @type {HTMLElement} */ (target.querySelector('h2'));
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  target.scrollIntoView();
}

// The address holds the page's state, so links to sections scroll without changing it, but for what section it is that is seen.
const sections = [...document.querySelectorAll('main > section')].map(({ id }) => id);
for (const id of sections)
  section(id).addEventListener('input', () => writeState('at', id === sections[0] ? null : id));
for (const link of document.querySelectorAll('a[data-section]')) {
  link.addEventListener('click', (event) => {
    event.preventDefault();
    goTo(section(/** @type {HTMLElement} */ (link).dataset.section ?? ''));
  });
}

/** The section that an address speaks of: the one that was changed last, or whose state it has. */
function sectionOfAddress() {
  const at = readState('at');
  if (at !== null) return sections.find((id) => id === at);
  const keys = [...new URLSearchParams(location.hash.slice(1)).keys()];
  if (keys.includes('sentences')) return undefined;
  if (keys.some((key) => /^pe\b/.test(key))) return 'encodings';
  return keys.some((key) => key.startsWith('swin.')) ? 'window-bias' : undefined;
}
const wanted = sectionOfAddress();
if (wanted) await mounted.then(() => goTo(section(wanted)));
