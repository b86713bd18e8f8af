// PNG: its size and orientation. Of its chunks only those stay that say what the pixels' values are: colour profiles,
// orientation and single transparent colours would make decoders differ.

import { FormatError, show } from '../../errors.js';
import { orientationOf } from './exif.js';
import { endsEarly, Kept, textAt } from './parts.js';

/** The chunks that stay. */
const KEPT = ['IHDR', 'PLTE', 'IDAT', 'IEND'];
/** Bytes that a compressed text may swell to. */
const MOST_TEXT = 2 ** 20;
/** Keywords of text chunks that hold metadata: EXIF as ImageMagick wrote it before there was a chunk for it, and XMP. */
const RAW_EXIF = 'Raw profile type exif';
const XMP = 'XML:com.adobe.xmp';

/** @type {import('../header.js').Reader} */
export async function readPng(bytes, view, name) {
  const kept = new Kept(bytes, name);
  kept.add(0, 8);
  /** @type {Uint8Array | undefined} */
  let exif;
  /** @type {Record<string, Text>} */
  const texts = {};
  let type = '';
  for (let at = 8; type !== 'IEND'; ) {
    const end = at + 12 + view.getUint32(at);
    type = textAt(bytes, at + 4, 4);
    if (end > bytes.length) throw endsEarly(name);
    if ((at === 8) !== (type === 'IHDR')) {
      throw new FormatError(`${name} is a PNG whose chunk ${show(type)} is out of place`, { path: name });
    }
    if (KEPT.includes(type)) kept.add(at, end);
    const data = bytes.subarray(at + 8, end - 4);
    if (type === 'eXIf') exif = data;
    if (['tEXt', 'zTXt', 'iTXt'].includes(type)) Object.assign(texts, findText(type, data));
    at = end;
  }
  const raw = await readText(texts[RAW_EXIF]);
  const xmp = await readText(texts[XMP]);
  return {
    format: 'png',
    width: view.getUint32(16),
    height: view.getUint32(20),
    orientation: orientationOf({ exif: exif ?? (raw && fromHex(raw)), xmp }),
    alpha: [4, 6].includes(view.getUint8(25)),
    parts: kept.parts,
  };
}

/**
 * @typedef {{ data: Uint8Array, isCompressed: boolean }} Text
 *
 * @param {string} type tEXt, zTXt or iTXt
 * @param {Uint8Array} data
 * @returns {Record<string, Text>} A text by its keyword, if it is one that is read.
 */
function findText(type, data) {
  const keyword = [RAW_EXIF, XMP].find((word) => textAt(data, 0, word.length + 1) === `${word}\0`);
  if (!keyword) return {};
  const rest = data.subarray(keyword.length + 1);
  if (type === 'tEXt') return { [keyword]: { data: rest, isCompressed: false } };
  if (type === 'zTXt') return { [keyword]: { data: rest.subarray(1), isCompressed: true } };
  // A flag and a method, then a language and a translated keyword, each ended by 0.
  const language = rest.indexOf(0, 2);
  const translated = language < 0 ? -1 : rest.indexOf(0, language + 1);
  if (translated < 0) return {};
  return { [keyword]: { data: rest.subarray(translated + 1), isCompressed: rest[0] !== 0 } };
}

/**
 * @param {Text | undefined} text
 * @returns {Promise<Uint8Array | undefined>} Undefined if it is broken, or swells beyond a megabyte.
 */
async function readText(text) {
  if (!text?.isCompressed) return text?.data;
  const file = new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (text.data)]);
  const reader = file.stream().pipeThrough(new DecompressionStream('deflate')).getReader();
  const out = new Uint8Array(MOST_TEXT);
  let length = 0;
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      if (length + read.value.length > MOST_TEXT) return undefined;
      out.set(read.value, length);
      length += read.value.length;
    }
    return out.subarray(0, length);
  } catch {
    return undefined;
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** Behind three lines, a name and a length among them, hexadecimal digits. @param {Uint8Array} text */
function fromHex(text) {
  const digits = new TextDecoder('latin1').decode(text).split('\n').slice(3).join('').replace(/\s/g, '');
  return Uint8Array.from({ length: digits.length >> 1 }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  );
}
