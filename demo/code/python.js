/**
 * Python as templates write it: numbers, arrays, lines; and PyTorch from NumPy where the two say the same with other words.
 * Not here: the programs (programs/), which encoding has which (index.js).
 */

/**
 * @typedef {any} Read an encoding's options with all defaults and presets; `size`: sizes by the letters of
 *   shapes; `shape`: shapes by option
 * @typedef {(string | false | null | undefined | Lines)[]} Lines of a program; what is false is left out
 * @typedef {(o: Read) => Lines} Template gives the lines behind the imports and inputs, whose names are those of the options
 *
 * @typedef {object} Program
 * @property {Template} numpy
 * @property {Template} [torch] where PyTorch has better words than NumPy's translated
 * @property {boolean | ((o: Read) => boolean)} [double] PyTorch computes it in double, too: angles of far positions need it
 */

/** As in Python: maxLength is max_length. @param {string} name */
export const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** @param {number} value @returns {string} */
export function number(value) {
  if (Number.isNaN(value)) return 'np.nan';
  if (!Number.isFinite(value)) return value > 0 ? 'np.inf' : '-np.inf';
  if (value === 2 * Math.PI) return '2 * np.pi';
  const [plain, power] = [String(value === 0 ? 0 : value), value.toExponential()];
  return plain.length > 6 && power.length < plain.length ? power.replace('+', '') : plain;
}

/** "a, b = 1, 2" of options by name. @param {Record<string, number>} values */
export const declare = (values) =>
  `${Object.keys(values).join(', ')} = ${Object.values(values).map(number).join(', ')}`;

/** (1, 2, 3) or (1,) @param {readonly number[]} shape */
export const tuple = (shape) => (shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`);

/** " + 2", " - 2" or nothing. @param {number} value */
export const plus = (value) =>
  value === 0 ? '' : value < 0 ? ` - ${number(-value)}` : ` + ${number(value)}`;

/** " * 2" or nothing. @param {number} value */
export const times = (value) => (value === 1 ? '' : ` * ${number(value)}`);

/** " / 2" or nothing. @param {number} value */
export const over = (value) => (value === 1 ? '' : ` / ${number(value)}`);

/** base^(-i/n) of `count` pairs. @param {number} base @param {number} count @param {number} [divisor] */
export const powers = (base, count, divisor = count) =>
  // 1 to the power of NaN is 1, which 0/0 should not become.
  base === 1 && divisor === 0
    ? `np.full((${count},), np.nan)`
    : `${number(base)} ** (-np.arange(${count}) / ${number(divisor)})`;

/** Angles in both columns of their pair. @param {{ layout: string, repeat: boolean }} form */
export function repeated({ layout, repeat }) {
  if (!repeat) return null;
  return layout === 'half'
    ? 'angles = np.concatenate([angles, angles], axis=-1)'
    : 'angles = angles.repeat(2, axis=-1)';
}

/** The softmax of the last axis, which NumPy lacks. */
export const SOFTMAX = [
  'def softmax(x):',
  '    e = np.exp(x - x.max(axis=-1, keepdims=True))',
  '    return e / e.sum(axis=-1, keepdims=True)',
];

/** PyTorch's words for NumPy's. @type {[RegExp, string][]} */
const WORDS = [
  [/\n?def softmax\(x\):\n.*\n.*\n\n/g, ''],
  [/\bsoftmax\((\w+)\)/g, '$1.softmax(dim=-1)'],
  [/(?<![\d.])1 \/ \(1 \+ np\.exp\(-(\w+)\)\)/g, 'torch.sigmoid($1)'],
  [/ \/ \(1 \+ np\.exp\(-(\w+)\)\)/g, ' * torch.sigmoid($1)'],
  [/np\.maximum\((.*), 0\)$/gm, 'torch.relu($1)'],
  [/np\.concatenate\(/g, 'torch.cat('],
  [/np\.take_along_axis\(/g, 'torch.take_along_dim('],
  [/np\.repeat\(/g, 'torch.repeat_interleave('],
  [/\.repeat\(2, /g, '.repeat_interleave(2, '],
  [/np\.array\(/g, 'torch.tensor('],
  [/\.astype\(np\.float32\)/g, '.float()'],
  [/\.astype\(np\.int32\)/g, '.int()'],
  [/\.astype\(int\)/g, '.long()'],
  [/\.astype\(float\)/g, '.double()'],
  [/\.copy\(\)/g, '.clone()'],
  [/\baxis=/g, 'dim='],
  [/\bkeepdims=/g, 'keepdim='],
  [/np\.(?!load)/g, 'torch.'],
];

/** @param {string} code of NumPy @returns {string} of PyTorch */
export const translated = (code) => WORDS.reduce((text, [from, to]) => text.replace(from, to), code);

/** @param {Lines} lines @returns {string[]} those that there are */
const flat = (lines) =>
  /** @type {any[]} */ (lines).flat(8).filter((line) => typeof line === 'string' && line !== '');

/** @param {Lines} lines @param {number} columns @returns {Lines} */
export const indented = (lines, columns) => flat(lines).map((line) => ' '.repeat(columns) + line);

/** A text of the lines, functions with a free line around them. @param {Lines} lines @returns {string} */
export function join(lines) {
  /** @type {string[]} */
  const text = [];
  let isInside = false;
  for (const line of flat(lines)) {
    const isFunction = line.startsWith('def ');
    if (text.length && (isFunction || (isInside && !line.startsWith(' ')))) text.push('');
    if (!line.startsWith(' ')) isInside = isFunction;
    text.push(line);
  }
  return text.join('\n');
}
