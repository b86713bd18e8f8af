/**
 * Calls of every encoding whose numbers are made again by the programs of demo/code: those of the pictures, those of the
 * reference data, every choice and switch, and random ones. Not here: running the programs.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ENCODINGS } from '../../bindings/encodings/index.js';
import { InputError, ShapeError } from '../../bindings/errors.js';
import { Tensor } from '../../bindings/tensor.js';
import { PICTURES } from '../../demo/docs/pictures/index.js';
import { runEntry } from '../goldens/encodings/table.js';
import { readTensorFile } from '../goldens/models.js';
import { BIASES } from './biases.js';
import { VECTORS } from './vectors.js';

/**
 * @typedef {{ name: string, options: Record<string, any>, results: Record<string, Tensor | number> }} Case results by their
 *   names; a single one has the name ''
 */

const MORE = { ...VECTORS, ...BIASES };

/** Numbers of a result: more would take long and show nothing else. */
const MOST = 100_000;

const DATA = new URL('../goldens/data/encodings/', import.meta.url);

/** @param {any} pe @param {string} name @param {Record<string, any>} options @returns {Case | null} null if it is refused */
function caseOf(pe, name, options) {
  try {
    const result = pe[name](options);
    const results = result instanceof Tensor ? { '': result } : result;
    const tensors = Object.entries(results).filter(([, value]) => value !== null);
    if (tensors.some(([, value]) => value.data?.length > MOST)) return null;
    return { name, options, results: Object.fromEntries(tensors) };
  } catch (error) {
    if (error instanceof InputError || error instanceof ShapeError) return null;
    throw error;
  }
}

/** The pictures' options, other forms of them, and what vectors.js and biases.js add. @param {any} pe @returns {Case[]} */
function named(pe) {
  return Object.entries(PICTURES).flatMap(([name, picture]) => {
    const { options, forms = [], plot } = picture(pe);
    const all = [options, ...forms, ...Object.values(plot?.series ?? {}), ...(MORE[name]?.(pe) ?? [])];
    return all.map((one) => {
      const made = caseOf(pe, name, one);
      if (made === null) throw new Error(`${name} refuses ${JSON.stringify(one)}`);
      return made;
    });
  });
}

/** The calls that the reference data make. @param {any} pe @returns {Case[]} */
function golden(pe) {
  /** @type {{ cases: any[] }} */
  const { cases } = JSON.parse(readFileSync(new URL('index.json', DATA), 'utf8'));
  /** @type {Case[]} */
  const found = [];
  const recording = Object.fromEntries(
    Object.keys(ENCODINGS).map((name) => [
      name,
      (/** @type {any} */ options) => {
        const result = pe[name](options);
        const made = caseOf(pe, name, options);
        if (made) found.push(made);
        return result;
      },
    ]),
  );
  for (const entry of cases.filter(({ expect }) => expect !== 'throws')) {
    const file = readTensorFile(fileURLToPath(new URL(`${entry.family}.safetensors`, DATA)));
    const inputs = Object.entries(entry.inputs ?? {}).map(([key, one]) => [
      key,
      file.get(/** @type {any} */ (one).key),
    ]);
    runEntry(recording, entry, /** @type {any} */ (new Map(/** @type {any} */ (inputs))));
  }
  return found;
}

/** Each choice and switch on top of a call that takes it. @param {any} pe @param {Case[]} known @returns {Case[]} */
function chosen(pe, known) {
  return Object.entries(ENCODINGS).flatMap(([name, { options: table }]) => {
    const calls = known.filter((one) => one.name === name);
    return Object.entries(table).flatMap(([key, rule]) => {
      const { kind, choices = [] } = /** @type {{ kind: string, choices?: readonly string[] }} */ (rule);
      const values = kind === 'choice' ? choices : kind === 'flag' ? [true, false] : [];
      return values.flatMap((value) => {
        let one = null;
        for (const { options } of calls) one ??= caseOf(pe, name, { ...options, [key]: value });
        if (!one)
          throw new Error(`no call of ${name} takes ${key}: ${value}; add one to vectors.js or biases.js`);
        return [one];
      });
    });
  });
}

/** Whether some angle is beyond 2^50, where the core gives NaN and doubles give noise. @param {Case} made */
const isBeyond = ({ results }) =>
  Object.values(results).some((value) => value instanceof Tensor && value.data.some(Number.isNaN));

/**
 * Calls with some options changed at random.
 * @param {any} pe
 * @param {Case[]} known
 * @param {number} count for each encoding
 * @param {number} seed
 * @returns {Case[]}
 */
function random(pe, known, count, seed) {
  let state = seed >>> 0;
  const below = (/** @type {number} */ n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  const pick = (/** @type {readonly any[]} */ list) => list[below(list.length)];
  /** @type {Record<string, (rule: any) => any>} */
  const values = {
    integer: () => pick([0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 30, 33, 48]),
    number: () => pick([-2, -0.5, 0, 0.1, 0.5, 1, 2, 3.7, 10, 100, 10000, 500000]),
    pair: () => pick([1, 2, 3, 5, [2, 3], [3, 2], [1, 4], [4, 1], [5, 7], [0, 1]]),
    flag: () => below(2) === 1,
    choice: ({ choices }) => pick(choices),
  };
  return Object.entries(ENCODINGS).flatMap(([name, { options: table }]) => {
    const calls = known.filter((one) => one.name === name);
    const keys = Object.entries(table).filter(([, { kind }]) => values[kind]);
    /** @type {Case[]} */
    const found = [];
    for (let tries = 0; tries < 40 * count && found.length < count && keys.length > 0; tries++) {
      const options = { ...pick(calls).options };
      for (let changes = 1 + below(4); changes > 0; changes--) {
        const [key, rule] = pick(keys);
        options[key] = values[rule.kind](rule);
      }
      const made = caseOf(pe, name, options);
      if (made && !isBeyond(made)) found.push(made);
    }
    return found;
  });
}

/**
 * @param {any} pe
 * @param {number} [seed]
 * @param {number} [count] of random calls of each encoding
 * @returns {Case[]} each call once
 */
export function casesOf(pe, seed = Number(process.env.SEED ?? 1), count = 12) {
  const known = [...named(pe), ...golden(pe)];
  return [...known, ...chosen(pe, known), ...random(pe, known, count, seed)];
}
