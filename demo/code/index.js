/**
 * The same numbers as code: for any options of an encoding a program of JavaScript (this library), NumPy, PyTorch or the command
 * line that gives what the page shows. Programs of Python stand in programs/, written from the formulas, and import nothing but
 * NumPy or PyTorch. Loaded when it is asked for.
 *
 * @example
 * codeOf('sincos2d', { height: 14, width: 14, dim: 384 }, 'numpy'); // "import numpy as np\n\nw = 10000 ** …"
 */
import { isFileOfShell, jsCode, shellCode } from './calls.js';
import { isFile, readOptions, tensorOf } from './inputs.js';
import { content } from './programs/content.js';
import { distances } from './programs/distances.js';
import { features } from './programs/features.js';
import { grids } from './programs/grids.js';
import { learned } from './programs/learned.js';
import { networks } from './programs/networks.js';
import { resampled } from './programs/resampled.js';
import { rotary } from './programs/rotary.js';
import { waves } from './programs/waves.js';
import { windows } from './programs/windows.js';
import { join, number, snake, translated, tuple } from './python.js';

/**
 * @typedef {'javascript' | 'numpy' | 'pytorch' | 'shell'} Language
 * @typedef {import('./inputs.js').Input} Input
 */

/** @type {Record<Language, string>} */
export const LANGUAGES = { javascript: 'JavaScript', numpy: 'NumPy', pytorch: 'PyTorch', shell: 'Shell' };

/** @type {Record<string, import('./python.js').Program>} */
const PROGRAMS = {
  ...{ ...waves, ...features, ...learned, ...resampled, ...networks },
  ...{ ...rotary, ...windows, ...grids, ...distances, ...content },
};

/**
 * @param {string} name of the encoding
 * @param {Record<string, any>} options as the encoding takes them
 * @param {Language} language
 * @returns {string} a program that gives the same numbers; arrays that are not short lie in the files of `filesOf`
 * @throws {InputError} options that the encoding refuses
 */
export function codeOf(name, options, language) {
  if (language === 'shell') return shellCode(name, options);
  if (language === 'javascript') return jsCode(name, options, variableOf(name, options));
  const torch = language === 'pytorch';
  const { results } = readOptions(name, options);
  const { head, body } = pythonOf(name, options, torch);
  const shown = results.flatMap(({ key, shape }) => {
    const variable = key ? snake(key) : lastVariable(body);
    return shape ? [`print(${variable}.shape)  # ${tuple(shape)}`] : [];
  });
  return `${[head, '', body, shown[0]].join('\n')}\n`;
}

/** @param {string} name @param {Record<string, any>} options @param {boolean} torch */
function pythonOf(name, options, torch) {
  const { o, inputs } = readOptions(name, options);
  const program = PROGRAMS[name];
  const isDouble = typeof program.double === 'function' ? program.double(o) : program.double;
  const template = (torch && program.torch) || program.numpy;
  const written = join(template(o));
  const used = inputs.filter(({ key }) => new RegExp(`\\b${snake(key)}\\b`).test(written));
  const lines = used.map((input) => `${snake(input.key)} = ${inputIn(input, torch, isDouble)}`);
  const whole = join([lines, template(o)]);
  const body = torch ? translated(whole) : whole;
  const uses = (/** @type {string} */ word) => new RegExp(`\\b${word}\\.`).test(body);
  const head = [
    uses('math') && 'import math\n',
    (!torch || uses('np')) && 'import numpy as np',
    torch && 'import torch',
    torch && uses('F') && 'import torch.nn.functional as F',
    torch &&
      isDouble &&
      '\ntorch.set_default_dtype(torch.float64)  # angles in double; the library rounds the result once',
  ];
  return { head: head.filter(Boolean).join('\n'), body };
}

/** @param {Input} input @param {boolean} torch @param {boolean} [double] @returns {string} NumPy's words */
function inputIn({ key, kind, list, range, single, shape }, torch, double) {
  if (list) return `np.array(${listIn(list, kind === 'floats')})`;
  if (single === 0 || single === 1) return `np.${single ? 'ones' : 'zeros'}(${tuple(shape)})`;
  if (single !== null) return `np.full(${tuple(shape)}, ${listIn(single, kind !== 'integers')})`;
  const count = shape.reduce((product, n) => product * n, 1);
  const reshaped = shape.length > 1 ? `.reshape(${shape.join(', ')})` : '';
  if (range) {
    const { first, step } = range;
    if (Number.isInteger(first) && Number.isInteger(step))
      return `np.arange(${first}, ${first + count * step}${step === 1 ? '' : `, ${step}`})${reshaped}`;
    return `np.linspace(${number(first)}, ${number(first + (count - 1) * step)}, ${count})${reshaped}`;
  }
  if (!torch) return `np.load('${key}.npy')`;
  return `torch.from_numpy(np.load('${key}.npy'))${double && kind !== 'integers' ? '.double()' : ''}`;
}

/** @param {any} list nested @param {boolean} isFloat @returns {string} */
function listIn(list, isFloat) {
  if (Array.isArray(list)) return `[${list.map((one) => listIn(one, isFloat)).join(', ')}]`;
  return isFloat && Number.isInteger(list) ? `${list}.0` : number(list);
}

/** The variable that a program sets last. @param {string} code */
const lastVariable = (code) => [...code.matchAll(/^(\w+) = /gm)].at(-1)?.[1] ?? '';

/** As a program of Python names the result. @param {string} name @param {Record<string, any>} options */
const variableOf = (name, options) =>
  lastVariable(pythonOf(name, options, false).body).replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

/**
 * The files that a program reads.
 * @param {string} name
 * @param {Record<string, any>} options
 * @param {Language} language
 * @returns {Record<string, import('../../bindings/tensor.js').Tensor>} by the name of the file, as table.npy
 */
export function filesOf(name, options, language) {
  const isRead = language === 'shell' ? isFileOfShell : isFile;
  const files = readOptions(name, options).inputs.filter(isRead);
  return Object.fromEntries(files.map((input) => [`${input.key}.npy`, tensorOf(input)]));
}
