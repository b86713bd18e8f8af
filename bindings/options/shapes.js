/**
 * The notation of shapes and sizes, "[rows, D] or [1, rows, (2h-1)(2w-1)]": read, evaluated, and compared with a tensor's
 * shape. Not here: tensors, and where the sizes that letters stand for come from.
 */

/**
 * @typedef {readonly string[]} Form one entry an axis: a letter or name for a size that is read from the tensor, the same one
 *   for the same size; a number; or an expression of known ones. '...' stands for any axes
 * @typedef {(letter: string) => number | undefined} SizeOf
 */

const NAME = /^[A-Za-z]\w*'?$/;

/** @param {string} text @returns {Form[]} the forms in a text, which stand in brackets */
export const formsOf = (text) =>
  [...text.matchAll(/\[([^\]]+)\]/g)].map(([, sizes]) => sizes.split(',').map((size) => size.trim()));

/** @param {string} text @returns {string[]} the letters that a tensor of such a shape gives a size to */
export const lettersOf = (text) =>
  formsOf(text)
    .flat()
    .filter((size) => NAME.test(size));

/** @param {readonly Form[]} forms @returns {string[]} the sizes that are computed of others */
export const expressionsOf = (forms) =>
  forms.flat().filter((size) => size !== '...' && !/^\w+'?$/.test(size));

/** @typedef {(sizeOf: SizeOf) => number} Expression */

/** Expressions by their text, each read once: tables have few, calls are many. @type {Map<string, Expression>} */
const expressions = new Map();

/**
 * Sums, products (written side by side) and quotients, as in "(2h-1)(2w-1) + extra".
 * @param {string} text
 * @param {SizeOf} sizeOf
 * @returns {number} NaN if a size is not known
 */
export function evaluate(text, sizeOf) {
  const known = expressions.get(text) ?? expressionOf(text);
  expressions.set(text, known);
  return known(sizeOf);
}

/** @param {string} text @returns {Expression} */
function expressionOf(text) {
  /** @type {string[]} */
  const tokens = text.match(/\d+|[A-Za-z]\w*'?|[-+/()]/g) ?? [];
  /** @returns {Expression} */
  const factor = () => {
    const token = tokens.shift() ?? '';
    const number = Number(token);
    if (token !== '(') return NAME.test(token) ? (sizeOf) => sizeOf(token) ?? Number.NaN : () => number;
    const value = sum();
    tokens.shift();
    return value;
  };
  /** @returns {Expression} */
  const product = () => {
    let value = factor();
    while (tokens.length && !/[-+)]/.test(tokens[0])) {
      const [divides, left] = [tokens[0] === '/' && tokens.shift(), value];
      const right = factor();
      value = divides ? (of) => left(of) / right(of) : (of) => left(of) * right(of);
    }
    return value;
  };
  /** @returns {Expression} */
  const sum = () => {
    let value = product();
    while (tokens[0] === '+' || tokens[0] === '-') {
      const [isPlus, left] = [tokens.shift() === '+', value];
      const right = product();
      value = isPlus ? (of) => left(of) + right(of) : (of) => left(of) - right(of);
    }
    return value;
  };
  return sum();
}

/**
 * @param {Form} form
 * @param {readonly number[]} shape
 * @param {SizeOf} sizeOf the sizes that are known
 * @returns {Record<string, number> | null} the sizes of its letters, null if it does not fit
 */
export function match(form, shape, sizeOf) {
  const any = form.indexOf('...');
  const missing = shape.length - form.length;
  if ((any < 0 ? missing !== 0 : missing < -1) || !shape.every((size) => size >= 1)) return null;
  /** @type {Record<string, number>} */
  const read = {};
  const fits = form.every((size, axis) => {
    const found = shape[any >= 0 && axis > any ? axis + missing : axis];
    if (axis === any) return true;
    if (!NAME.test(size)) return found === evaluate(size, sizeOf);
    const wanted = sizeOf(size) ?? read[size] ?? found;
    read[size] = found;
    return found === wanted;
  });
  return fits ? read : null;
}

/** A form with the sizes that are known, for messages. @param {Form} form @param {SizeOf} sizeOf */
export function describe(form, sizeOf) {
  const sizes = form.map((size) => {
    if (size === '...') return size;
    const known = evaluate(size, sizeOf);
    if (Number.isNaN(known)) return size;
    return NAME.test(size) ? `${size} = ${known}` : known;
  });
  return `[${sizes.join(', ')}]`;
}
