/** Colours: the page's tokens as numbers, and the maps from values to colours, mixed in Oklab. */

import { chosenMap } from './colour-choice.js';

/** Stops from 0 to 1 by theme. */
const STOPS = {
  diverging: {
    light: '142e8c 0,2a60e0 .2,a3bdf5 .37,f5f4ef .5,f8c49a .63,e66e1b .8,9c3b05 1',
    dark: 'c9dbff 0,6f9bff .2,2e4cb0 .36,171a36 .5,9a4a17 .64,ff9145 .8,ffe0bf 1',
  },
  sequential: {
    light: 'f5f4ef 0,a9d5c6 .3,2c7fa0 .65,15173d 1',
    dark: '171a36 0,28558a .35,3fb0a0 .7,e9f7b0 1',
  },
};

/** @typedef {keyof typeof STOPS} MapName */

const STEPS = 256;
/** @type {Map<string, Uint32Array>} */
const tables = new Map();

/** @type {MediaQueryList | undefined} */
let dark;

/** The theme that is seen. @returns {'light' | 'dark'} */
export function theme() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === 'light' || chosen === 'dark') return chosen;
  dark ??= matchMedia('(prefers-color-scheme: dark)');
  return dark.matches ? 'dark' : 'light';
}

/**
 * A map as 256 pixels of ImageData (little endian RGBA); in place of the sequential one, that which was chosen.
 * @param {MapName} name
 * @param {'light' | 'dark'} [by]
 */
export function mapOf(name, by = theme()) {
  const other = name === 'sequential' ? chosenMap() : undefined;
  if (other) return other;
  const key = `${name} ${by}`;
  const made = tables.get(key) ?? tableOf(stopsOf(name, by));
  tables.set(key, made);
  return made;
}

/** @param {MapName} name @param {'light' | 'dark'} by @returns {{ at: number, lab: number[] }[]} */
function stopsOf(name, by) {
  return STOPS[name][by].split(',').map((stop) => {
    const [hex, at] = stop.split(' ');
    const rgb = [0, 2, 4].map((k) => Number.parseInt(hex.slice(k, k + 2), 16));
    return { at: Number(at), lab: oklab(rgb) };
  });
}

/** @param {{ at: number, lab: number[] }[]} stops */
function tableOf(stops) {
  const out = new Uint32Array(STEPS);
  for (let step = 0; step < STEPS; step++) {
    const t = step / (STEPS - 1);
    const next = Math.max(
      stops.findIndex(({ at }) => at >= t),
      1,
    );
    const [a, b] = [stops[next - 1], stops[next]];
    const share = (t - a.at) / (b.at - a.at);
    const [red, green, blue] = rgbOf(a.lab.map((x, i) => x + share * (b.lab[i] - x)));
    out[step] = ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  }
  return out;
}

// Oklab: Ottosson 2020, https://bottosson.github.io/posts/oklab/
/** @param {number[]} rgb 0 to 255 */
function oklab(rgb) {
  const [r, g, b] = rgb.map((c) => {
    const x = c / 255;
    return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
  });
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** @param {number[]} lab @returns {number[]} 0 to 255 */
function rgbOf([L, a, b]) {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((x) => {
    const c = x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055;
    return Math.round(255 * Math.min(Math.max(c, 0), 1));
  });
}

/** The colour of a value as CSS. @param {MapName} name @param {number} t from 0 to 1 */
export function colourAt(name, t) {
  const pixel = mapOf(name)[Math.round(Math.min(Math.max(t, 0), 1) * (STEPS - 1))];
  return `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`;
}

/** Whether light letters stand out from the colour of a value, not dark ones. @param {MapName} name @param {number} t from 0 to 1 */
export function isDark(name, t) {
  const pixel = mapOf(name)[Math.round(t * (STEPS - 1))];
  return oklab([pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255])[0] < 0.66;
}

/** Tokens as they were seen last, by name and theme: asking the browser makes it work out all styles. @type {Map<string, string>} */
const tokens = new Map();

/**
 * A token of style.css as the colour that is seen, for canvases and files.
 * @param {string} name without dashes: 'ink', 'who'
 */
export function token(name) {
  const key = `${name} ${theme()}`;
  const known = tokens.get(key);
  if (known) return known;
  const probe = document.createElement('i');
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  tokens.set(key, color);
  return color;
}
