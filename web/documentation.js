/**
 * What there is to say of the encodings and their options, in words made of their tables: for the command line's help, the pages,
 * the demo's forms and the declarations of TypeScript. Not here: how each of those lays it out.
 */
import { resultsOf } from '../bindings/encodings/encoding.js';
import { ENCODINGS } from '../bindings/encodings/index.js';
import { literal, ruleOf } from '../bindings/options/kinds.js';

/**
 * @import { Description } from '../bindings/encodings/encoding.js'
 * @import { Condition, Rule, Table } from '../bindings/options/table.js'
 *
 * @typedef {object} DocumentedOption
 * @property {string} name
 * @property {Rule['kind']} kind
 * @property {string} type as TypeScript has it
 * @property {readonly string[]} choices
 * @property {boolean} single whether one number may stand for a list
 * @property {boolean} required
 * @property {string} fallback what is taken if it is left out, as in "10000" or "the same", or when it is required; '' if nothing is
 * @property {string} about
 * @property {string} rules what it must be; '' if its type says it
 * @property {string} limits those of the rules that depend on other options
 * @property {DocumentedOption[]} fields of an object
 *
 * @typedef {object} Documentation
 * @property {string} name
 * @property {string} summary one sentence
 * @property {string} about all that stands before the formula
 * @property {{ title: string, text: string }[]} notes Formula, Models, Source
 * @property {DocumentedOption[]} options without `out`
 * @property {string} result its dtype and shape
 * @property {string} example
 */

export const NAMES = Object.keys(ENCODINGS);

/** @param {string} name of an encoding @returns {Documentation} */
export function documentationOf(name) {
  /** @type {Description} */
  const encoding = ENCODINGS[/** @type {keyof typeof ENCODINGS} */ (name)];
  const { summary, more, formula, models, source, options, example } = encoding;
  return {
    name,
    summary,
    about: more ? `${summary} ${more}` : summary,
    notes: Object.entries({ Formula: formula, Models: models, Source: source }).map(([title, text]) => ({
      title,
      text,
    })),
    options: optionsOf(options),
    result: tellResult(encoding),
    example,
  };
}

/** @param {Table} table @returns {DocumentedOption[]} */
const optionsOf = (table) =>
  Object.entries(table).map(([name, rule]) => {
    const { kind, choices = [], single = false, shape, about, multiple, fields = {} } = rule;
    const isFree = ['default', 'optional', 'only', 'when'].some((key) => key in rule);
    const parts = multiple === 2 ? 'even' : multiple && `a multiple of ${multiple}`;
    return {
      ...{ name, kind, type: typeOf(name, rule), choices, single, required: !isFree },
      ...{ fallback: fallbackOf(rule, table), about: [shape, about, parts].filter(Boolean).join(', ') },
      ...{ rules: rulesOf(rule, table), limits: limitsOf(rule), fields: optionsOf(fields) },
    };
  });

/** What an option is and what is taken if it is left out, in one line. @param {DocumentedOption} option */
export function tell({ about, limits, fallback, required }) {
  const isSaid = required || fallback === '' || fallback === 'none';
  const usual = isSaid ? '' : fallback.startsWith('required') ? fallback : `${fallback} by default`;
  return [about, limits, usual].filter(Boolean).join('; ');
}

/** @param {Rule} rule @param {Table} table */
function fallbackOf({ default: usual, optional, only, when }, table) {
  if (typeof optional === 'string') return optional;
  if (typeof usual === 'number')
    return /** @type {string} */ (shorter(String(usual), usual.toExponential().replace('+', '')));
  if (usual !== undefined)
    return Array.isArray(usual) ? `[${usual.map(literal).join(', ')}]` : literal(usual);
  const condition = only ?? when;
  return condition && optional === undefined ? `required ${tellCondition(condition, table)}` : '';
}

/** Numbers of many digits are written by their power. @param {string} plain @param {string} power */
const shorter = (plain, power) => (plain.length > 6 && power.length < plain.length ? power : plain);

/** "without positions", "with sizes", "if form is 'bloom'". @param {Condition} condition @param {Table} table */
const tellCondition = (condition, table) =>
  Object.entries(condition)
    .map(([key, wanted]) => {
      const { kind } = table[key];
      if (typeof wanted === 'boolean' && kind !== 'flag') return `${wanted ? 'with' : 'without'} ${key}`;
      return `if ${key} ${kind === 'choices' ? 'has' : 'is'} ${[wanted].flat().map(literal).join(' or ')}`;
    })
    .join(' and ');

/** @param {Rule} rule @param {Table} table */
function rulesOf(rule, table) {
  const own = SAID.includes(rule.kind) ? [] : [powersIn(ruleOf(withCode(rule)))];
  return [...own, ...mustOf(rule), ...(rule.only ? [`only ${tellCondition(rule.only, table)}`] : [])].join(
    '; ',
  );
}

/** Rules beyond the kind's. @param {Rule} rule */
const mustOf = ({ must = [] }) => must.map(([words]) => words.replace(/[{}]/g, '`'));

/** What an option must be that depends on others. @param {Rule} rule */
function limitsOf(rule) {
  const { min, max, above } = withCode(rule);
  const bounds = Object.entries({ 'at least': min, 'at most': max, above }).filter(
    ([, bound]) => typeof bound === 'string',
  );
  return [...bounds.map((words) => words.join(' ')), ...mustOf(rule)].join('; ');
}

/** Kinds whose rule the type says. */
const SAID = ['flag', 'choice', 'object', 'any'];

/** Expressions among the bounds as code. @param {Rule} rule @returns {Rule} */
const withCode = (rule) => {
  const coded = ['min', 'max', 'above', 'count'].map((key) => [key, Reflect.get(rule, key)]);
  const expressions = coded.filter(([, bound]) => typeof bound === 'string');
  return { ...rule, ...Object.fromEntries(expressions.map(([key, bound]) => [key, `\`${bound}\``])) };
};

/** Large bounds as powers of two: 2^40, 2^31 - 1. @param {string} text */
const powersIn = (text) =>
  text.replace(/\d{7,}/g, (digits) => {
    const exponent = Math.log2(Number(digits) + (Number(digits) % 2));
    return Number.isInteger(exponent) ? `2^${exponent}${Number(digits) % 2 ? ' - 1' : ''}` : digits;
  });

/** @param {string} name @param {Rule} rule @returns {string} */
function typeOf(name, { kind, choices, nested, single, count }) {
  const union = (choices ?? []).map(literal).join(' | ');
  const any = 'readonly any[] | ArrayBufferView | Tensor';
  const list = 'readonly number[] | ArrayBufferView | Tensor';
  return {
    ...{ integer: 'number', number: 'number', flag: 'boolean', text: 'string', texts: 'readonly string[]' },
    ...{ choice: union, choices: `readonly (${union})[]`, integers: nested ? any : list, floats: 'Tensor' },
    ...{ numbers: single ? `number | ${list}` : count ? list : any },
    ...{
      pair: 'number | readonly [number, number]',
      pairs: 'readonly (number | readonly [number, number])[]',
    },
    ...{
      object: `${name[0].toUpperCase()}${name.slice(1)}`,
      signal: 'AbortSignal',
      callback: 'Function',
      any: 'unknown',
    },
  }[kind];
}

/** @param {Description} encoding */
function tellResult(encoding) {
  /** @type {Map<string, string[]>} */
  const named = new Map();
  for (const [name, { dtype, shape, about }] of Object.entries({
    ...resultsOf(encoding),
    ...encoding.also,
  })) {
    const words = about ? `${about.startsWith("'") ? ';' : ','} ${about}` : '';
    const text = `${dtype}${shape ? ` ${shape}` : ''}${words}`;
    named.set(text, [...(named.get(text) ?? []), name]);
  }
  return [...named].map(([text, names]) => (names[0] ? `${names.join(', ')}: ${text}` : text)).join('; ');
}

/**
 * The example as a program that runs as it stands; `random` makes inputs of the shapes named.
 * @param {Documentation} documentation
 * @returns {string}
 */
export function programOf({ example }) {
  const uses = (/** @type {string} */ name) => new RegExp(`\\b${name}\\(`).test(example);
  return [
    `import { ${uses('Tensor') || uses('random') ? 'encodings, Tensor' : 'encodings'} } from 'wasmformer';`,
    '',
    ...(uses('random') ? RANDOM : []),
    'const pe = await encodings();',
    example,
    'pe.dispose();',
    '',
  ].join('\n');
}

const RANDOM = [
  'const random = (...shape) => {',
  '  const count = shape.reduce((product, size) => product * size);',
  "  return new Tensor('float32', Float32Array.from({ length: count }, Math.random), shape);",
  '};',
];
