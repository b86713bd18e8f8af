/** The address's options, and controls made from the options' data: presets first, a slider with a box for a number, segments or a select for a name. */
import { control, range, segments, select } from '../../parts/controls.js';
import { make } from '../../parts/dom.js';

/** @typedef {import('../../../web/documentation.js').DocumentedOption} DocumentedOption */

const UNSET = 'as by default';
/** What a slider reaches for an option that says no end: times what stands there. */
const REACH = 4;

/**
 * @param {DocumentedOption[]} documented
 * @param {Record<string, any>} options as they stand
 * @param {(name: string, value: any) => void} change undefined takes an option out
 * @returns {HTMLElement & { set: (name: string, value: any) => void }} set: shows a value, without `change`
 */
export function optionControls(documented, options, change) {
  const order = (/** @type {DocumentedOption} */ { name, kind }) =>
    name === 'preset'
      ? 0
      : name in options && kind !== 'floats'
        ? 1
        : kind === 'choice' || kind === 'flag'
          ? 2
          : 3;
  const sorted = [...documented].sort((a, b) => order(a) - order(b));
  const made = sorted.map((option) => ({ option, element: controlOf(option, options[option.name], change) }));
  const first = made.filter(({ option, element }) => element && order(option) < 2).slice(0, 6);
  const rest = made.filter((one) => one.element && !first.includes(one));
  const root = make(
    'div',
    { className: 'option-controls' },
    ...first.map(({ element }) => /** @type {HTMLElement} */ (element)),
    ...(rest.length
      ? [
          make(
            'details',
            {},
            make('summary', {}, `${rest.length} more`),
            ...rest.map(({ element }) => /** @type {HTMLElement} */ (element)),
          ),
        ]
      : []),
  );
  return Object.assign(root, {
    set: (/** @type {string} */ name, /** @type {any} */ value) => {
      const element = made.find(({ option }) => option.name === name)?.element;
      element?.set(value);
    },
  });
}

/**
 * @param {DocumentedOption} option
 * @param {any} value
 * @param {(name: string, value: any) => void} change
 * @returns {(HTMLElement & { set: (value: any) => void }) | null} null where there is nothing to set
 */
function controlOf({ name, kind, choices, fallback, about }, value, change) {
  const title = make('span', { title: about }, name);
  if (kind === 'integer' || kind === 'number' || (kind === 'pair' && typeof value === 'number')) {
    const usual = Number(value ?? fallback);
    if (!Number.isFinite(usual)) return null;
    const whole = kind !== 'number';
    const multiple = Number(/multiple of (\d+)/.exec(about)?.[1] ?? (/\beven\b/.test(about) ? 2 : 1));
    const unit = usual % multiple === 0 ? multiple : 1;
    const min = usual < 0 ? REACH * usual : whole ? Math.min(usual, unit) : 0;
    const max = usual === 0 ? 32 : Math.max(REACH * Math.abs(usual), whole ? 8 : 0);
    const log = usual >= 500 || name === 'base';
    const step = whole ? unit : Number((max / 200).toPrecision(1));
    const set = (/** @type {number} */ x) => change(name, x);
    return range({
      name,
      min: log ? 1 : min,
      max: log ? 100 * usual : max,
      value: usual,
      step: log ? 1 : step,
      log,
      change: set,
    });
  }
  if (kind === 'flag') {
    const set = (/** @type {string} */ word) => change(name, word === 'true');
    const wordOf = (/** @type {any} */ now) => String(now ?? fallback === 'true');
    /** @type {[string, string][]} */
    const words = [
      ['true', 'yes'],
      ['false', 'no'],
    ];
    const inner = segments({ name, choices: words, value: wordOf(value), change: set });
    return Object.assign(control(name, inner), { set: (/** @type {any} */ now) => inner.set(wordOf(now)) });
  }
  if (kind !== 'choice') {
    if (value === undefined) return null;
    const line = make('p', { className: 'control caption' });
    const set = (/** @type {any} */ now) => {
      const shape = now?.shape ? `[${now.shape.join(' × ')}]` : JSON.stringify(now)?.slice(0, 40);
      line.replaceChildren(title, ` ${shape}`);
    };
    set(value);
    return Object.assign(line, { set });
  }
  const named = fallback.replace(/'/g, '');
  const words = choices.includes(named) ? [...choices] : [UNSET, ...choices];
  const wordOf = (/** @type {any} */ now) => now ?? (choices.includes(named) ? named : UNSET);
  const set = (/** @type {string} */ word) => change(name, word === UNSET ? undefined : word);
  const isShort = words.length <= 5 && words.join('').length <= 30;
  const inner = (isShort ? segments : select)({ name, choices: words, value: wordOf(value), change: set });
  return Object.assign(control(name, inner), { set: (/** @type {any} */ now) => inner.set(wordOf(now)) });
}

/**
 * The address's options over the picture's: numbers, lists of them, names and switches.
 * @param {DocumentedOption[]} documented
 * @param {Record<string, any>} options
 * @param {URLSearchParams} params
 */
export function readOptions(documented, options, params) {
  /** @type {Record<string, any>} */
  const given = {};
  for (const { name, kind, choices } of documented) {
    const text = params.get(name);
    if (text === null) continue;
    if (kind === 'flag') given[name] = text === 'true';
    else if (['integer', 'number', 'pair'].includes(kind) && Number.isFinite(Number(text)))
      given[name] = Number(text);
    else if (kind === 'integers' && /^-?\d+(,-?\d+)*$/.test(text)) given[name] = text.split(',').map(Number);
    else if (kind === 'choice' && choices.includes(text)) given[name] = text;
  }
  return { options: Object.assign(options, given), given };
}
