/**
 * Makes safetensors files that lie: the corpus of the reader's tests. `node hostile.js FOLDER` writes them there, with
 * those of bent.js, to try another reader on them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';
import { entry, flips, makeFile, prefixes, SOUND_DATA, SOUND_HEADER, soundFile } from './bent.js';

/** @import {File} from './bent.js' */

/** Files that no reader may accept. @returns {Generator<File>} */
export function* hostileFiles() {
  yield* wrongLengths();
  yield* wrongSizes();
  yield* wrongLayouts();
  yield* wrongEntries();
  yield* wrongJson();
}

/** @returns {Generator<File>} */
function* wrongLengths() {
  const right = SOUND_HEADER.length;
  const near = [0, 1, 2, right - 1, right + 1, right + SOUND_DATA, right + SOUND_DATA + 1].map(BigInt);
  const powers = [16, 24, 31, 32, 53, 63].flatMap((power) => [2n ** BigInt(power) - 1n, 2n ** BigInt(power)]);
  for (const length of [...near, ...powers, 2n ** 24n + 1n, 2n ** 64n - 1n, 2n ** 64n - 8n]) {
    yield { name: `header length ${length}`, bytes: makeFile(SOUND_HEADER, { length }) };
  }
  for (const extra of [1, 2, 7, 8, 4096]) {
    yield {
      name: `${extra} bytes after the end`,
      bytes: makeFile(SOUND_HEADER, { data: SOUND_DATA + extra }),
    };
  }
}

/** Shapes and offsets at the edges of integer types. @returns {Generator<File>} */
function* wrongSizes() {
  for (const power of [31, 32, 53, 63, 64]) {
    for (const delta of [-1n, 0n, 1n]) {
      const size = 2n ** BigInt(power) + delta;
      for (const shape of shapesOf(size)) {
        for (const end of [0, 4, 16, size, size * 4n]) {
          const header = `{"a":{"dtype":"F32","shape":${shape},"data_offsets":[0,${end}]}}`;
          yield { name: `F32 ${shape} in 0 to ${end}`, bytes: makeFile(header, { data: 16 }) };
        }
      }
      for (const offsets of [`[${size},${size}]`, `[${size},${size + 16n}]`, `[0,${size}]`, `[${size},16]`]) {
        const header = `{"a":{"dtype":"F32","shape":[4],"data_offsets":${offsets}}}`;
        yield { name: `offsets ${offsets}`, bytes: makeFile(header, { data: 16 }) };
      }
    }
  }
}

/** Shapes whose product is that size, or wraps around to a small one. @param {bigint} size */
function shapesOf(size) {
  const root = 2n ** BigInt((size.toString(2).length + 1) >> 1);
  return [
    `[${size}]`,
    `[${size},1]`,
    `[1,${size}]`,
    `[${root},${root}]`,
    `[${size},${size}]`,
    `[${size},2,2,2,2]`,
  ];
}

/** @returns {Generator<File>} */
function* wrongLayouts() {
  /** @type {Record<string, [number, number, number][]>} tensors as floats, begin and end. */
  const layouts = {
    'two tensors in one place': [
      [4, 0, 16],
      [4, 0, 16],
    ],
    'an overlap of one byte': [
      [4, 0, 16],
      [4, 15, 31],
    ],
    'an overlap of all but one': [
      [4, 0, 16],
      [4, 1, 17],
    ],
    'one tensor inside another': [
      [4, 0, 16],
      [1, 4, 8],
    ],
    'a hole at the beginning': [[4, 1, 17]],
    'a hole of a float at the beginning': [[4, 4, 20]],
    'a hole between': [
      [4, 0, 16],
      [4, 17, 33],
    ],
    'an empty tensor inside another': [
      [4, 0, 16],
      [0, 8, 8],
    ],
    'an empty tensor behind the end': [
      [4, 0, 16],
      [0, 20, 20],
    ],
    'begin after end': [[4, 16, 0]],
    'more bytes than the shape': [[4, 0, 20]],
    'fewer bytes than the shape': [[4, 0, 12]],
    'no bytes': [[4, 0, 0]],
  };
  for (const [name, tensors] of Object.entries(layouts)) {
    const header = Object.fromEntries(
      tensors.map(([n, begin, end], i) => [`t${i}`, entry('F32', [n], [begin, end])]),
    );
    yield { name, bytes: makeFile(header, { data: Math.max(...tensors.map(([, , end]) => end), 4) }) };
  }
  for (const missing of [1, 8, 16]) {
    const header = { a: entry('F32', [4], [0, 16]) };
    yield { name: `${missing} bytes of data missing`, bytes: makeFile(header, { data: 16 - missing }) };
  }
  yield { name: 'data that no tensor names', bytes: makeFile({}, { data: 4 }) };
  yield { name: 'metadata alone, and data', bytes: makeFile({ __metadata__: {} }, { data: 4 }) };
}

/** Things of the wrong type or range in the place of each field. @returns {Generator<File>} */
function* wrongEntries() {
  const scalars = 'null true "F32" 0 -1 1.5 1.0 1e0 -0 {} {"0":4}'.split(' ');
  const lists = '[] [[4]] [null] ["4"] [-4] [4.0] [4e0] [4.5] [true] [1e400] [-0] [0,16,16] [16]'.split(' ');
  const wrong = [...scalars, ...lists, `"${'4'.repeat(1000)}"`, '[18446744073709551616]'];
  const right = { dtype: '"F32"', shape: '[4]', data_offsets: '[0,16]' };
  for (const field of Object.keys(right)) {
    const others = Object.entries(right).filter(([key]) => key !== field);
    const rest = others.map(([key, value]) => `"${key}":${value}`).join();
    yield { name: `no ${field}`, bytes: makeFile(`{"a":{${rest}}}`, { data: 16 }) };
    for (const value of wrong) {
      if (field === 'dtype' && value === '"F32"') continue;
      const name = `${field} ${value.slice(0, 30)}`;
      yield { name, bytes: makeFile(`{"a":{"${field}":${value},${rest}}}`, { data: 16 }) };
    }
  }
  const near = 'f32 F64 F16 I8 BOOL F31 FP32 float32 I128 C64 __proto__ constructor toString F８'.split(' ');
  for (const dtype of [...near, '', 'F32 ', ' F32', 'F\0']) {
    const header = { a: entry(dtype, [4], [0, 16]) };
    yield { name: `dtype ${JSON.stringify(dtype)}`, bytes: makeFile(header, { data: 16 }) };
  }
  const file = (/** @type {string} */ name, /** @type {string} */ header) => ({
    name,
    bytes: makeFile(header, { data: 0 }),
  });
  for (const value of wrong) {
    const short = value.slice(0, 30);
    yield file(`tensor ${short}`, `{"a":${value}}`);
    if (value !== 'null' && !value.startsWith('{'))
      yield file(`metadata ${short}`, `{"__metadata__":${value}}`);
    if (!value.startsWith('"')) yield file(`note ${short}`, `{"__metadata__":{"k":${value}}}`);
  }
  yield { name: 'F4 in half a byte', bytes: makeFile({ a: entry('F4', [3], [0, 2]) }, { data: 2 }) };
  yield file(
    'a name that is half a character',
    '{"\\ud800":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}',
  );
}

/** @returns {Generator<File>} */
function* wrongJson() {
  const a = JSON.stringify(entry('F32', [0], [0, 0]));
  const nest = (/** @type {number} */ depth, open = '[', close = ']') =>
    open.repeat(depth) + close.repeat(depth);
  const bad = {
    'the same name twice': `{"a":${a},"a":${a}}`,
    'the same name, spelled twice': `{"a":${a},"\\u0061":${a}}`,
    'the same field twice': '{"a":{"dtype":"F32","dtype":"F32","shape":[0],"data_offsets":[0,0]}}',
    'metadata twice': '{"__metadata__":{},"__metadata__":{}}',
    'the same note twice': '{"__metadata__":{"k":"1","k":"2"}}',
    'an array': '[]',
    'a space before': ` {"a":${a}}`,
    'a NUL after': `{"a":${a}}\0`,
    'a second object': `{"a":${a}}{}`,
    'a comma too many': `{"a":${a},}`,
    'a comment': `{"a":${a}/**/}`,
    'single quotes': `{'a':${a}}`,
    'no quotes': `{a:${a}}`,
    'no end': `{"a":${a}`,
    'an open string': '{"a',
    'an open escape': '{"a\\',
    'braces crossed': '{"a":[}]',
    NaN: '{"a":{"dtype":"F32","shape":[NaN],"data_offsets":[0,0]}}',
    'a leading zero': '{"a":{"dtype":"F32","shape":[00],"data_offsets":[0,0]}}',
    'a hexadecimal size': '{"a":{"dtype":"F32","shape":[0x0],"data_offsets":[0,0]}}',
    'a plus sign': '{"a":{"dtype":"F32","shape":[+0],"data_offsets":[0,0]}}',
    'a raw line break in a name': `{"a\n":${a}}`,
    'rank 9': `{"a":{"dtype":"F32","shape":[0,1,1,1,1,1,1,1,1],"data_offsets":[0,0]}}`,
    ...Object.fromEntries([9, 100, 10_000, 1_000_000].map((n) => [`arrays ${n} deep`, `{"a":${nest(n)}}`])),
    ...Object.fromEntries(
      [9, 100, 10_000, 1_000_000].map((n) => [`objects ${n} deep`, nest(n, '{"a":', '}')]),
    ),
    'a million values in one array': `{"a":[${'0,'.repeat(1 << 20)}0]}`,
    '65537 tensors': `{${Array.from({ length: 65537 }, (_, i) => `"${i}":${a}`)}}`,
    'a million brackets that never close': `{"a":${'['.repeat(1_000_000)}`,
    '16 MB of spaces': `{${' '.repeat(2 ** 24 - 2)}`,
    '16 MB of quotes': `{${'"'.repeat(2 ** 24 - 2)}`,
    '16 MB and one byte': `{"a":"${'x'.repeat(2 ** 24 - 7)}"}`,
  };
  for (const [name, header] of Object.entries(bad)) yield { name, bytes: makeFile(header, { data: 0 }) };
  const text = new TextEncoder().encode(`{"a__":${a}}`);
  for (const bytes of [
    [0xff, 0x61, 0x61],
    [0xc0, 0x80, 0x61],
    [0xed, 0xa0, 0x80],
    [0xe2, 0x82, 0x22],
    [0xf5, 0x80, 0x80],
  ]) {
    const bent = text.slice();
    bent.set(bytes, 2);
    yield { name: `bytes ${bytes} in a name`, bytes: makeFile(bent, { data: 0 }) };
  }
  const marked = new Uint8Array([0xef, 0xbb, 0xbf, ...text]);
  yield { name: 'a byte order mark', bytes: makeFile(marked, { data: 0 }) };
}

if (argv[1] && import.meta.url === pathToFileURL(argv[1]).href) {
  const folder = argv[2] ?? 'hostile';
  mkdirSync(folder, { recursive: true });
  const all = [{ name: 'sound', bytes: soundFile() }, ...prefixes(), ...flips(), ...hostileFiles()];
  const names = all.map(({ name, bytes }, i) => {
    writeFileSync(join(folder, `${i}.safetensors`), bytes);
    return name;
  });
  writeFileSync(join(folder, 'names.json'), JSON.stringify(names, null, 1));
}
