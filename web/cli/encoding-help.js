/** What the command line says of encodings: the list of them, and all about one. */
import { programOf, tell } from '../documentation.js';
import { flagOf, tableOf } from './encoding-options.js';

/** @typedef {import('../documentation.js').Documentation} Documentation */

/** Columns of a terminal that are filled at most. */
const WIDTH = 100;

/** @param {Documentation[]} all @returns {string} */
export function listOf(all) {
  const width = Math.max(...all.map(({ name }) => name.length)) + 2;
  return all.map(({ name, summary }) => `${name.padEnd(width)}${wrap(summary, width)}\n`).join('');
}

/**
 * @param {Documentation} documentation
 * @param {Record<string, import('./arguments.js').Option>} common
 * @returns {string}
 */
export function helpOfEncoding(documentation, common) {
  const { name, about, notes, options, result } = documentation;
  const table = tableOf(documentation);
  const needed = options
    .filter(({ required }) => required)
    .map((option) => usageOf(flagOf(option.name), table));
  const own = options.map((option) => {
    const { kind, choices } = option;
    const flag = flagOf(option.name);
    const left = kind === 'flag' ? `--[no-]${flag}` : usageOf(flag, table);
    return [`  ${left}`, choices.length ? `${choices.join(', ')}: ${tell(option)}` : tell(option)];
  });
  const others = Object.entries(common).map(([flag, { short, about: text, choices }]) => [
    `  ${short ? `-${short}, ` : ''}${usageOf(flag, common)}`,
    choices ? `${choices.join(', ')}: ${text}` : text,
  ]);
  const column = Math.max(...[...own, ...others].map(([left]) => left.length)) + 2;
  const titled = [...notes, { title: 'Result', text: result }];
  return [
    `Usage: wasmformer encoding ${[name, ...needed].join(' ')} [options]`,
    '',
    wrap(about, 0),
    '',
    ...titled.map(({ title, text }) => `${title}: ${wrap(text, title.length + 2)}`),
    '',
    'Options:',
    ...[...own, ...others].map(([left, right]) => left.padEnd(column) + wrap(right, column)),
    '',
    'A table is a .npy file, or numbers: 1,2,3 or [[1,2],[3,4]].',
    '',
    'In JavaScript:',
    ...programOf(documentation)
      .split('\n')
      .map((line) => `  ${line}`.trimEnd()),
  ].join('\n');
}

/** @param {string} flag @param {Record<string, import('./arguments.js').Option>} table */
const usageOf = (flag, table) => `--${flag}${table[flag].value ? ` ${table[flag].value}` : ''}`;

/**
 * Breaks a text into lines; all but the first are indented.
 * @param {string} text
 * @param {number} indent where the first line begins, too
 * @returns {string}
 */
function wrap(text, indent) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last !== '' && indent + last.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}
