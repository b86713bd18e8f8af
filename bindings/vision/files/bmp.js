// BMP: its size, from any of the headers that it may begin with.

import { FormatError } from '../../errors.js';

/** The header of OS/2 1.x, whose sizes have 16 bits. */
const CORE = 12;
/** Where the masks of a header name one for alpha. */
const ALPHA_MASK = 66;
const BIT_FIELDS = [3, 6];

/** @type {import('../header.js').Reader} */
export function readBmp(bytes, view, name) {
  const header = view.getUint32(14, true);
  const plain = { format: /** @type {const} */ ('bmp'), orientation: 1, parts: [bytes] };
  if (header === CORE)
    return { ...plain, width: view.getUint16(18, true), height: view.getUint16(20, true), alpha: false };
  if (header < 40 || header > 124)
    throw new FormatError(`${name} is a BMP with a header of ${header} bytes; expected 12, or 40 to 124`, {
      path: name,
      value: header,
    });
  const hasMasks = BIT_FIELDS.includes(view.getUint32(30, true)) && header >= 56;
  return {
    ...plain,
    width: view.getInt32(18, true),
    height: Math.abs(view.getInt32(22, true)), // below 0 where rows go from the top
    alpha: hasMasks && view.getUint32(ALPHA_MASK, true) !== 0,
  };
}
