/** The page's frame: which room is shown, the theme, the menu. A room is a chunk with `mount`. */
import { readAddress } from './parts/address.js';
import { wait } from './parts/motion.js';
import * as order from './rooms/order/index.js';

/**
 * @import { Address } from './parts/address.js'
 *
 * @typedef {object} Page what a room may use of the frame
 * @property {AbortSignal} signal aborted when the room is left: for its listeners, requests and motion
 * @property {(text: string) => void} say for who does not see the page; the last text of 300 ms is read
 * @property {(draw: () => void) => void} onTheme called when the theme or the colours of maps have changed, until the room is left
 * @property {(text: string) => void} title of the document
 *
 * @typedef {object} Room
 * @property {(root: HTMLElement, page: Page, address: Address) => Promise<Shown> | Shown} mount fills the empty root
 *
 * @typedef {{ show?: (address: Address) => void }} Shown show: the address changed within the room
 */

/** @type {Record<string, () => Promise<Room>>} */
const ROOMS = {
  order: async () => order,
  encodings: () => import('./rooms/encodings/index.js'),
  draw: () => import('./rooms/draw/index.js'),
  pictures: () => import('./rooms/pictures/index.js'),
  sentences: () => import('./rooms/sentences/index.js'),
  inside: () => import('./rooms/inside/index.js'),
  speed: () => import('./rooms/speed/index.js'),
};

const element = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const [root, nav, menu, said, themeButton] = ['room', 'rooms', 'menu', 'said', 'theme'].map(element);
const links = /** @type {HTMLAnchorElement[]} */ ([...nav.querySelectorAll('a')]);

/** @type {{ name: string, leave: AbortController, shown?: Shown } | undefined} */
let here;
/** @type {Set<() => void>} */
let drawers = new Set();

/** @type {ReturnType<typeof setTimeout> | undefined} */
let saying;
const say = (/** @type {string} */ text) => {
  clearTimeout(saying);
  saying = setTimeout(() => {
    said.textContent = text;
  }, 300);
};

/** Shows what the address asks for. @param {boolean} [isFirst] */
async function go(isFirst = false) {
  const { hash } = location;
  const address = readAddress(hash);
  const name = address.room in ROOMS ? address.room : 'order';
  if (here?.name === name) return here.shown?.show?.(address);
  here?.leave.abort();
  const leave = new AbortController();
  const now = { name, leave, shown: /** @type {Shown | undefined} */ (undefined) };
  here = now;
  drawers = new Set();
  for (const link of links) {
    if (link.hash === `#${name}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  openMenu(false);
  root.setAttribute('aria-busy', 'true');
  const mine = document.createElement('div');
  try {
    const room = await ROOMS[name]();
    if (leave.signal.aborted) return;
    root.replaceChildren(mine);
    if (!isFirst) scrollTo(0, 0);
    const shown = await room.mount(mine, pageOf(leave.signal, drawers), address);
    now.shown = shown;
    // Who went on while the room was fetched.
    const wanted = readAddress();
    if (here === now && location.hash !== hash && wanted.room === name) shown.show?.(wanted);
    if (!isFirst) await wait(0); // laying the room out takes a while, too
    if (!isFirst && !leave.signal.aborted) focusHeading();
  } catch (error) {
    if (!leave.signal.aborted) root.replaceChildren(faultOf(error));
  } finally {
    if (here === now) root.removeAttribute('aria-busy');
  }
}

/** @param {AbortSignal} signal @param {Set<() => void>} own @returns {Page} */
const pageOf = (signal, own) => ({
  signal,
  say,
  onTheme: (draw) => own.add(draw),
  title: (text) => {
    document.title = `${text} · wasmformer`;
  },
});

/** Who comes by keyboard or hears the page is told where they are. */
function focusHeading() {
  const heading = root.querySelector('h1');
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

/** @param {unknown} error */
function faultOf(error) {
  const fault = document.createElement('p');
  fault.className = 'fault';
  fault.setAttribute('role', 'alert');
  const isOffline = !navigator.onLine || error instanceof TypeError;
  fault.textContent = isOffline
    ? 'This room could not be fetched: is there a network? The rooms that you have seen go on working.'
    : `This room could not be opened: ${/** @type {Error} */ (error)?.message ?? error}`;
  return fault;
}

/** @param {boolean} open */
function openMenu(open) {
  nav.classList.toggle('open', open);
  menu.setAttribute('aria-expanded', String(open));
}
menu.addEventListener('click', () => openMenu(menu.getAttribute('aria-expanded') !== 'true'));
addEventListener('keydown', ({ key }) => {
  if (key === 'Escape' && menu.getAttribute('aria-expanded') === 'true') {
    openMenu(false);
    menu.focus();
  }
});

// A hash that names the room is an address here, so the link that skips to the content cannot be one.
document.querySelector('[data-skip]')?.addEventListener('click', (event) => {
  event.preventDefault();
  root.focus();
});

// A room is fetched when its link is touched, so that it is there when it is pressed.
for (const link of links) {
  const fetchRoom = () => ROOMS[link.hash.slice(1)]?.().catch(() => {});
  for (const event of ['pointerenter', 'focus', 'touchstart'])
    link.addEventListener(event, fetchRoom, { once: true, passive: true });
}

const dark = matchMedia('(prefers-color-scheme: dark)');
const isDark = () => {
  const { theme } = document.documentElement.dataset;
  return theme ? theme === 'dark' : dark.matches;
};
const MOON =
  '<path d="M13.5 11.5A6 6 0 0 1 7 3a6 6 0 1 0 6.500 8.500Z" fill="none" stroke="currentColor" stroke-width="1.5"/>';
const SUN =
  '<circle cx="8.500" cy="8.500" r="3" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M8.500 1v2M8.500 14v2M1 8.500h2M14 8.500h2M3.200 3.200l1.400 1.400M12.400 12.400l1.400 1.400M3.200 13.800l1.400-1.400M12.400 4.600l1.400-1.400" stroke="currentColor" stroke-width="1.5"/>';
const redraw = () => {
  for (const draw of drawers) draw();
};
function showTheme() {
  themeButton.innerHTML = `<svg viewBox="0 0 17 17" width="17" height="17" aria-hidden="true">${isDark() ? SUN : MOON}</svg>`;
  themeButton.setAttribute('aria-label', isDark() ? 'Light colours' : 'Dark colours');
  redraw();
}
themeButton.addEventListener('click', () => {
  const wanted = isDark() ? 'light' : 'dark';
  document.documentElement.dataset.theme = wanted;
  try {
    localStorage.setItem('theme', wanted);
  } catch {
    // It holds for this visit.
  }
  showTheme();
});
dark.addEventListener('change', showTheme);
addEventListener('colours', redraw);
showTheme();

addEventListener('hashchange', () => go());
go(true);

// Offline after the first visit. Pages that may not have a service worker work without.
addEventListener('load', () => {
  if (navigator.serviceWorker && isSecureContext) navigator.serviceWorker.register('sw.js').catch(() => {});
});
