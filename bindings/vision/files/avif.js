// AVIF: the size of its primary picture, and how that is turned. The turning is left out of the file, since decoders do it
// without being asked. Not here: HEIC, the same container with another codec.

import { FormatError, UnsupportedError } from '../../errors.js';
import { checkPieces, endsEarly, replaced, textAt } from './parts.js';

/**
 * @typedef {{ type: string, start: number, end: number }} Box start: of its content.
 * @typedef {{ item: number, property: number, at: number, width: number }} Association Of an item and a property, counted
 *   from 1; `at` and `width`: the bytes that say so.
 */

/** @type {import('../header.js').Reader} */
export function readAvif(bytes, view, name) {
  const boxes = [...boxesIn(view, 0, bytes.length, name)];
  checkBrands(bytes, boxes[0], name);
  const meta = find(boxes, 'meta', name);
  const inMeta = [...boxesIn(view, meta.start + 4, meta.end, name)];
  const primary = readPrimary(view, find(inMeta, 'pitm', name));
  const properties = find(inMeta, 'iprp', name);
  const inProperties = [...boxesIn(view, properties.start, properties.end, name)];
  const container = find(inProperties, 'ipco', name);
  const all = [...boxesIn(view, container.start, container.end, name)];
  const associations = inProperties
    .filter(({ type }) => type === 'ipma')
    .flatMap(({ start }) => [...associationsIn(view, start, name)]);
  const own = associations.filter(({ item }) => item === primary).map(({ property }) => all[property - 1]);
  const extents = own.find((box) => box?.type === 'ispe');
  if (!extents) throw new FormatError(`${name} is an AVIF that does not say its size`, { path: name });
  const turns = associations.filter(({ property }) => ['irot', 'imir'].includes(all[property - 1]?.type));
  const changes = turns.map(({ at, width }) => ({ at, values: new Array(width).fill(0) }));
  return {
    format: 'avif',
    width: view.getUint32(extents.start + 4),
    height: view.getUint32(extents.start + 8),
    orientation: orientationOf(view, own),
    alpha: all.some(
      ({ type, start, end }) => type === 'auxC' && /:alpha\0/.test(textAt(bytes, start, end - start)),
    ),
    parts: changes.length
      ? replaced(
          bytes,
          changes.sort((a, b) => a.at - b.at),
        )
      : [bytes],
  };
}

/** @param {DataView} view @param {number} start @param {number} end @param {string} name @returns {Generator<Box>} */
function* boxesIn(view, start, end, name) {
  let count = 0;
  for (let at = start; at + 8 <= end; ) {
    checkPieces('boxes in one', ++count, name);
    let head = 8;
    let length = view.getUint32(at);
    if (length === 1) {
      head = 16;
      length = Number(view.getBigUint64(at + 8));
    } else if (length === 0) length = end - at;
    if (length < head || at + length > end) throw endsEarly(name);
    const type = String.fromCharCode(...[4, 5, 6, 7].map((i) => view.getUint8(at + i)));
    yield { type, start: at + head, end: at + length };
    at += length;
  }
}

/** @param {Box[]} boxes @param {string} type @param {string} name */
function find(boxes, type, name) {
  const found = boxes.find((box) => box.type === type);
  if (found) return found;
  throw new FormatError(`${name} is an AVIF without the box "${type}"`, { path: name });
}

/** @param {Uint8Array} bytes @param {Box} fileType @param {string} name */
function checkBrands(bytes, { start, end }, name) {
  const text = textAt(bytes, start, Math.min(end - start, 256));
  const brands = text.match(/[\s\S]{4}/g) ?? [];
  if (brands.some((brand) => ['avif', 'avis'].includes(brand))) return;
  throw new UnsupportedError(
    `${name} is "${brands[0]}" (as HEIC pictures are), not AVIF: convert it to a JPEG or PNG`,
    { path: name, value: brands[0] },
  );
}

/** @param {DataView} view @param {Box} box pitm */
const readPrimary = (view, { start }) =>
  view.getUint8(start) === 0 ? view.getUint16(start + 4) : view.getUint32(start + 4);

/** @param {DataView} view @param {number} start of an ipma @param {string} name @returns {Generator<Association>} */
function* associationsIn(view, start, name) {
  const [version, flags] = [view.getUint8(start), view.getUint32(start)];
  const width = flags & 1 ? 2 : 1;
  const count = view.getUint32(start + 4);
  let found = 0;
  for (let i = 0, at = start + 8; i < count; i++) {
    const item = version < 1 ? view.getUint16(at) : view.getUint32(at);
    at += version < 1 ? 2 : 4;
    const properties = view.getUint8(at++);
    for (let k = 0; k < properties; k++, at += width) {
      // The first bit says that whoever does not know the property may not show the picture.
      checkPieces('properties of items', ++found, name);
      const property = width === 2 ? view.getUint16(at) & 0x7fff : view.getUint8(at) & 0x7f;
      yield { item, property, at, width };
    }
  }
}

/** Quarter turns against the clock, then a mirror, as one of EXIF's numbers. */
const TURNED = [1, 8, 3, 6];
/** Mirrored from top to bottom, and from left to right. */
const MIRRORED = [
  [4, 5, 2, 7],
  [2, 7, 4, 5],
];

/** @param {DataView} view @param {(Box | undefined)[]} properties */
function orientationOf(view, properties) {
  const byteOf = (/** @type {string} */ type) => {
    const box = properties.find((property) => property?.type === type);
    return box && view.getUint8(box.start);
  };
  const quarters = (byteOf('irot') ?? 0) & 3;
  const axis = byteOf('imir');
  return axis === undefined ? TURNED[quarters] : MIRRORED[axis & 1][quarters];
}
