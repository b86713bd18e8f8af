/**
 * What reading by a table needs to know of it, found out once for each table. Not here: the reading (check.js).
 */
import { expressionsOf, formsOf, lettersOf } from './shapes.js';

/**
 * @import { Condition, Rule, Table } from './table.js'
 * @import { Form } from './shapes.js'
 *
 * @typedef {{ key: string, wanted: readonly unknown[], isPresence: boolean }} Part of a condition: isPresence if it is about
 *   whether the other option is given
 *
 * @typedef {object} Entry
 * @property {string} key
 * @property {Rule} rule
 * @property {boolean} isArray
 * @property {boolean} isNumeric
 * @property {string[]} letters that a number or a pair gives sizes to
 * @property {Form[]} forms that its shape may have, where they do not depend on other options
 * @property {string[]} computed sizes of the forms that are computed of others
 * @property {unknown} sure the default where no other option decides whether it fits
 * @property {string[]} expressions bounds that depend on other options
 * @property {Part[]} only
 * @property {Part[]} when
 *
 * @typedef {object} Plan
 * @property {Map<string, Entry>} entries
 * @property {Entry[]} all
 * @property {Entry[]} bound by rules beyond those of their kind
 * @property {Map<string, string[]>} numbers options that give a letter its size as a number or a pair, by letter
 * @property {Map<string, string[]>} arrays options that give it by their shape
 * @property {string[]} presets options that set others
 * @property {(read: (key: string) => any) => Record<string, any>} lazily an object of the options' values, read when asked for
 */

const BOUNDS = ['min', 'max', 'above', 'multiple', 'count'];
/** Kinds whose defaults need no reading, and the types of these: of another one they are expressions or functions. */
const SURE = /** @type {Record<string, string>} */ ({
  ...{ integer: 'number', number: 'number', flag: 'boolean', choice: 'string' },
});
const READ = Symbol('read');

/** @type {WeakMap<Table, Plan>} */
const plans = new WeakMap();

/** @param {Table} table @returns {Plan} */
export function planOf(table) {
  const known = plans.get(table);
  if (known) return known;
  const entries = Object.entries(table).map(([key, rule]) => entryOf(key, rule, table));
  const plan = {
    entries: new Map(entries.map((entry) => [entry.key, entry])),
    all: entries,
    bound: entries.filter(({ rule }) => rule.must),
    numbers: byLetter(entries, ({ letters }) => letters),
    arrays: byLetter(entries, ({ rule }) => lettersOf(rule.shape ?? '')),
    presets: entries.filter(({ rule }) => rule.sets).map(({ key }) => key),
    lazily: lazily(Object.keys(table)),
  };
  plans.set(table, plan);
  return plan;
}

/** @param {string} key @param {Rule} rule @param {Table} table @returns {Entry} */
function entryOf(key, rule, table) {
  const isNumeric = ['integer', 'number'].includes(rule.kind);
  const letters = rule.letters?.split(' ') ?? [];
  const forms = formsOf(rule.shape ?? '');
  const expressions = BOUNDS.filter((bound) => typeof Reflect.get(rule, bound) === 'string');
  const isSure = typeof rule.default === SURE[rule.kind] && expressions.length === 0;
  return {
    ...{ key, rule, isNumeric, isArray: ['floats', 'integers', 'numbers'].includes(rule.kind) },
    letters: isNumeric ? [key, ...letters] : letters,
    ...{ forms, computed: expressionsOf(forms), expressions, sure: isSure ? rule.default : undefined },
    ...{ only: partsOf(rule.only, table), when: partsOf(rule.when, table) },
  };
}

/** @param {Condition | undefined} condition @param {Table} table @returns {Part[]} */
const partsOf = (condition = {}, table) =>
  Object.entries(condition).map(([key, wanted]) => ({
    key,
    wanted: [wanted].flat(),
    isPresence: typeof wanted === 'boolean' && table[key].kind !== 'flag',
  }));

/** @param {Entry[]} entries @param {(entry: Entry) => string[]} letters @returns {Map<string, string[]>} */
function byLetter(entries, letters) {
  const keys = new Map();
  for (const entry of entries)
    for (const letter of letters(entry)) keys.set(letter, [...(keys.get(letter) ?? []), entry.key]);
  return keys;
}

/** @param {string[]} keys @returns {Plan['lazily']} */
function lazily(keys) {
  const prototype = {};
  for (const key of keys) {
    const get = /** @this {any} */ function () {
      return this[READ](key);
    };
    Object.defineProperty(prototype, key, { get });
  }
  return (read) => {
    const values = Object.create(prototype);
    values[READ] = read;
    return values;
  };
}
