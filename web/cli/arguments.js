/** What stands on the command line: options checked, help written from the same table. Not here: what commands do. */
import { parseArgs } from 'node:util';

/** The command line itself is wrong: exit code 2. */
export class UsageError extends Error {
  /** @param {string} message @param {{ help?: string }} [more] help: a command that says more than the usual --help */
  constructor(message, { help } = {}) {
    super(message);
    this.help = help;
  }
}

/**
 * @typedef {object} Option
 * @property {string} about one line of help
 * @property {string} [value] what stands behind the option, such as DIR; without it the option is a switch
 * @property {string} [short] one letter
 * @property {'text' | 'count'} [type] count: a positive integer; text by default
 * @property {readonly string[]} [choices] the values allowed
 * @property {boolean} [required]
 *
 * @typedef {Record<string, any>} Values by option, in its own spelling; switches are true
 *
 * @typedef {object} Command
 * @property {string} usage
 * @property {string} about one line
 * @property {string[]} [notes] lines of help below the options
 * @property {Record<string, Option>} options
 */

/**
 * @param {string[]} words behind the command
 * @param {Command} command
 * @returns {{ values: Values, positionals: string[] }}
 * @throws {UsageError}
 */
export function readArguments(words, { options }) {
  const config = Object.entries(options).map(([name, { value, short }]) => {
    return [name, { type: value ? 'string' : 'boolean', ...(short && { short }) }];
  });
  let parsed;
  try {
    parsed = parseArgs({ args: words, options: Object.fromEntries(config), allowPositionals: true });
  } catch (error) {
    // The first sentence says what is wrong; Node's advice behind it is about its own parser.
    throw new UsageError(/** @type {Error} */ (error).message.split('. ')[0]);
  }
  /** @type {Values} */
  const values = {};
  for (const [name, option] of Object.entries(options)) {
    const given = /** @type {Values} */ (parsed.values)[name];
    if (given !== undefined) values[name] = check(name, given, option);
  }
  return { values, positionals: parsed.positionals };
}

/** @param {Values} values @param {Command} command @throws {UsageError} if an option that is needed is missing */
export function requireOptions(values, { options }) {
  for (const [name, { required, value }] of Object.entries(options)) {
    if (required && values[name] === undefined) throw new UsageError(`--${name} ${value} is missing`);
  }
}

/** @param {string} name @param {string | true} given @param {Option} option */
function check(name, given, { type, choices }) {
  if (choices && !choices.includes(String(given))) {
    throw new UsageError(`--${name} is "${given}"; expected ${choices.join(', ')}`);
  }
  if (type !== 'count') return given;
  if (!/^[1-9]\d{0,14}$/.test(String(given)))
    throw new UsageError(`--${name} is "${given}"; expected a positive integer`);
  return Number(given);
}

/** @param {Command} command @returns {string} */
export function helpOf({ usage, about, options, notes = [] }) {
  const rows = Object.entries(options).map(([name, { short, value, about: text, choices }]) => {
    const left = `  ${short ? `-${short}, ` : '    '}--${name}${value ? ` ${value}` : ''}`;
    return [left, text + (choices ? `: ${choices.join(', ')}` : '')];
  });
  return [
    `Usage: ${usage}`,
    '',
    about,
    '',
    'Options:',
    ...align(rows),
    ...(notes.length ? ['', ...notes] : []),
    '',
  ].join('\n');
}

/**
 * Two columns, the second one aligned.
 * @param {string[][]} rows
 * @returns {string[]}
 */
export function align(rows) {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`);
}
