/**
 * The forms that a tensor's shape may have: sizes, and letters for sizes that are read from it. Not here: the tensors.
 */

/**
 * @typedef {readonly (number | string)[]} Shape sizes; a letter stands for a size that is read from the tensor, and the
 *   same letter for the same size
 */

/**
 * @param {Shape} form
 * @param {readonly number[]} shape
 * @param {Record<string, number>} known
 * @returns {Record<string, number> | null} the sizes of its letters, null if it does not fit
 */
export function match(form, shape, known) {
  if (form.length !== shape.length) return null;
  /** @type {Record<string, number>} */
  const read = {};
  const fits = form.every((size, axis) => {
    if (shape[axis] < 1) return false;
    if (typeof size === 'number') return size === shape[axis];
    const wanted = known[size] ?? read[size] ?? shape[axis];
    read[size] = shape[axis];
    return wanted === shape[axis];
  });
  return fits ? read : null;
}

/** @param {number | string} size @param {Record<string, number>} known */
export function describe(size, known) {
  return typeof size === 'string' && size in known ? `${size} = ${known[size]}` : size;
}
