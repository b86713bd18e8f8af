/** Which colours maps from little to much have: the page's own, viridis or cividis. The choice is kept for the next visit. */
import { select } from './controls.js';
import { make } from './dom.js';

const KEY = 'colours';
const CHOICES = ['own', 'viridis', 'cividis'];

let chosen = kept();
/** @type {Record<string, Uint32Array> | undefined} */
let tables;
let isFetching = false;

function kept() {
  try {
    return CHOICES.find((name) => name === localStorage.getItem(KEY)) ?? 'own';
  } catch {
    return 'own';
  }
}

/** 256 pixels of ImageData; undefined for the page's own, which also stand in until the others are there. */
export function chosenMap() {
  if (chosen !== 'own' && !tables && !isFetching) fetchTables();
  return tables?.[chosen];
}

async function fetchTables() {
  isFetching = true;
  try {
    const { default: baked } = await import('baked:colours');
    tables = Object.fromEntries(CHOICES.slice(1).map((name) => [name, pixelsOf(baked[name])]));
    redraw();
  } catch {
    isFetching = false; // asked again by the next drawing
  }
}

/** @param {string} hex six digits a colour */
function pixelsOf(hex) {
  const channel = (/** @type {number} */ at) => Number.parseInt(hex.slice(at, at + 2), 16);
  return Uint32Array.from(
    { length: hex.length / 6 },
    (_, i) => ((255 << 24) | (channel(6 * i + 4) << 16) | (channel(6 * i + 2) << 8) | channel(6 * i)) >>> 0,
  );
}

/** All figures draw anew: main.js hears it. */
const redraw = () => dispatchEvent(new Event(KEY));

/** The control, which stands by the bar of a map's colours. */
export function colourChoice() {
  const made = select({
    name: 'Colours',
    choices: CHOICES,
    value: chosen,
    change: (name) => {
      chosen = name;
      try {
        localStorage.setItem(KEY, name);
      } catch {
        // It holds for this visit.
      }
      /** @type {NodeListOf<HTMLSelectElement>} */
      const all = document.querySelectorAll('.colours select');
      for (const other of all) other.value = name;
      redraw();
    },
  });
  return make('label', { className: 'colours caption' }, 'Colours', made);
}
