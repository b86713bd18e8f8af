/** The page's controls, each a real input with a label: ranges with a box, segments, selects, buttons. */
import { make } from './dom.js';

/**
 * @param {string} text
 * @param {() => void} press
 * @param {{ main?: boolean, [property: string]: unknown }} [properties] main: the screen's one yellow button
 */
export function button(text, press, { main = false, ...properties } = {}) {
  const made = make(
    'button',
    { type: 'button', className: main ? 'button main' : 'button', ...properties },
    text,
  );
  made.addEventListener('click', press);
  return made;
}

/**
 * A slider with a box for the exact number.
 * @param {object} given
 * @param {string} given.name what stands over it
 * @param {number} given.min
 * @param {number} given.max
 * @param {number} given.value
 * @param {number} [given.step]
 * @param {boolean} [given.log] whether equal ways are equal factors
 * @param {(value: number) => void} given.change
 * @returns {HTMLElement & { set: (value: number) => void }} set: shows a value, without `change`
 */
export function range({ name, min, max, value, step = 1, log = false, change }) {
  const steps = log ? 1000 : Math.round((max - min) / step);
  const toValue = (/** @type {number} */ at) => {
    const exact = log ? min * (max / min) ** (at / steps) : min + at * step;
    return log && step >= 1 ? Math.round(exact) : Number(exact.toPrecision(6));
  };
  const toPlace = (/** @type {number} */ x) =>
    Math.round(log ? (steps * Math.log(x / min)) / Math.log(max / min) : (x - min) / step);
  const slider = make('input', { type: 'range', min: 0, max: steps, step: 1, 'aria-label': name });
  const box = make('input', {
    type: 'number',
    min,
    max,
    step: log ? 'any' : step,
    'aria-label': `${name}, exactly`,
  });
  const set = (/** @type {number} */ x) => {
    slider.value = String(toPlace(x));
    slider.style.setProperty('--share', `${(100 * toPlace(x)) / steps}%`);
    slider.setAttribute('aria-valuetext', String(x));
    box.value = String(x);
  };
  slider.addEventListener('input', () => {
    const x = toValue(Number(slider.value));
    set(x);
    change(x);
  });
  box.addEventListener('change', () => {
    const asked = Number(box.value);
    const x = Number.isFinite(asked) && box.value !== '' ? Math.min(Math.max(asked, min), max) : value;
    set(x);
    change(x);
  });
  set(value);
  const root = make('div', { className: 'control' }, make('div', { className: 'name' }, name, box), slider);
  return Object.assign(root, { set });
}

let groups = 0;

/**
 * One of a few, side by side.
 * @template {string} T
 * @param {object} given
 * @param {string} given.name for who does not see them
 * @param {readonly (T | readonly [T, string])[]} given.choices values, or values with their words
 * @param {T} given.value
 * @param {(value: T) => void} given.change
 * @returns {HTMLElement & { set: (value: T) => void }}
 */
export function segments({ name, choices, value, change }) {
  const group = `segments-${++groups}`;
  const inputs = choices.map((choice) => {
    const [key, words] = typeof choice === 'string' ? [choice, choice] : choice;
    const input = make('input', { type: 'radio', name: group, value: key, checked: key === value });
    input.addEventListener('change', () => change(/** @type {T} */ (key)));
    return { input, label: make('label', {}, input, words) };
  });
  const root = make(
    'div',
    { className: 'segments', role: 'radiogroup', 'aria-label': name },
    ...inputs.map(({ label }) => label),
  );
  const set = (/** @type {T} */ wanted) => {
    for (const { input } of inputs) input.checked = input.value === wanted;
  };
  return Object.assign(root, { set });
}

/**
 * One of many.
 * @param {{ name: string, choices: readonly string[], value: string, change: (value: string) => void }} given
 * @returns {HTMLSelectElement & { set: (value: string) => void }}
 */
export function select({ name, choices, value, change }) {
  const made = make(
    'select',
    { 'aria-label': name },
    ...choices.map((choice) => make('option', { value: choice, selected: choice === value }, choice)),
  );
  made.addEventListener('change', () => change(made.value));
  const set = (/** @type {string} */ wanted) => {
    made.value = wanted;
  };
  return Object.assign(made, { set });
}

/** A control under its name. @param {string} name @param {...Node} controls */
export const control = (name, ...controls) =>
  make('div', { className: 'control' }, make('div', { className: 'name' }, name), ...controls);
