/** The safetensors reader on sound and random files; on hostile ones in hostile.test.js. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { FormatError } from '../../bindings/errors.js';
import { headerLength, parseHeader, parseIndex, readTensors } from '../../bindings/formats/safetensors.js';
import { makeFile, SOUND_HEADER, soundFile } from './bent.js';

const PATH = 'model.safetensors';

test('a sound file is read: names, dtypes, shapes, places, metadata', () => {
  const bytes = soundFile();
  const length = headerLength(bytes, bytes.length, PATH);
  assert.equal(length, SOUND_HEADER.length);
  const start = 8 + length;
  const header = parseHeader(bytes.subarray(8, start), bytes.length, PATH);
  assert.deepEqual(
    [...header.tensors],
    [
      ['w.a', { dtype: 'F32', shape: [2, 3], start, end: start + 24 }],
      ['w.b', { dtype: 'BF16', shape: [3], start: start + 24, end: start + 30 }],
      ['n', { dtype: 'I64', shape: [], start: start + 30, end: start + 38 }],
      ['e', { dtype: 'F16', shape: [0], start: start + 38, end: start + 38 }],
    ],
  );
  assert.deepEqual({ ...header.metadata }, { format: 'pt' });
  assert.equal(header.dataStart, start);
  assert.equal(header.end, bytes.length);
  assert.deepEqual(Array.from(readTensors(bytes, PATH).get('w.b')?.data ?? []), [24, 25, 26, 27, 28, 29]);
});

test('tensors come in the order of their bytes, whatever the order of their names', () => {
  const one = (/** @type {number} */ at) => ({ dtype: 'U8', shape: [1], data_offsets: [at, at + 1] });
  const bytes = makeFile({ c: one(1), 2: one(0), a: one(3), __proto: one(2) }, { data: 4 });
  assert.deepEqual([...readTensors(bytes, PATH).keys()], ['2', 'c', '__proto', 'a']);
});

test('names that JavaScript knows are names like others', () => {
  const text =
    '{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"constructor":{"dtype":"U8","shape":[],"data_offsets":[1,2]}}';
  assert.deepEqual([...readTensors(makeFile(text, { data: 2 }), PATH).keys()], ['__proto__', 'constructor']);
});

test('every dtype of the format has its width', () => {
  // The names and bits of huggingface/safetensors 0.8, as its reader accepts them.
  const bits = { BOOL: 8, F4: 4, F6_E2M3: 6, F6_E3M2: 6, U8: 8, I8: 8, F8_E5M2: 8, F8_E4M3: 8, F8_E8M0: 8 };
  const more = {
    F8_E4M3FNUZ: 8,
    F8_E5M2FNUZ: 8,
    I16: 16,
    U16: 16,
    F16: 16,
    BF16: 16,
    I32: 32,
    U32: 32,
    F32: 32,
  };
  for (const [dtype, width] of Object.entries({ ...bits, ...more, C64: 64, F64: 64, I64: 64, U64: 64 })) {
    const header = { a: { dtype, shape: [4], data_offsets: [0, width / 2] } };
    assert.equal(
      readTensors(makeFile(header, { data: width / 2 }), PATH).get('a')?.data.length,
      width / 2,
      dtype,
    );
  }
});

test('files without tensors, with spaces after the header, or with unknown fields are sound', () => {
  for (const header of ['{}', '{"__metadata__":null}', '{"__metadata__":{"a":"b"}}   ', '{\n}']) {
    assert.equal(readTensors(makeFile(header, { data: 0 }), PATH).size, 0, header);
  }
  const header = '{"a":{"dtype":"U8","note":{"x":[true,null,"1.5e3-"]},"shape":[0],"data_offsets":[0,0]}}';
  assert.equal(readTensors(makeFile(header, { data: 0 }), PATH).size, 1);
});

test('the files of the goldens are read whole', () => {
  const folder = fileURLToPath(new URL('../goldens/data/models', import.meta.url));
  let tensors = 0;
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (path.endsWith('.safetensors')) tensors += readTensors(readFileSync(join(folder, path)), path).size;
  }
  assert.ok(tensors > 1000, `${tensors} tensors`);
});

test('any bytes are refused with a FormatError, or read into tensors that fill the file', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.nat(),
      fc.nat(255),
      fc.boolean(),
      (noise, at, value, isPatch) => {
        const bytes = isPatch ? soundFile() : noise;
        if (isPatch) bytes[at % bytes.length] = value;
        try {
          const sizes = [...readTensors(bytes, PATH).values()].map(({ data }) => data.length);
          const length = headerLength(bytes, bytes.length, PATH);
          assert.equal(8 + length + sizes.reduce((sum, size) => sum + size, 0), bytes.length);
        } catch (error) {
          assert.ok(error instanceof FormatError, String(error));
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test('any header that keeps the rules is read back', () => {
  const tensor = fc.record({
    name: fc.string({ unit: 'grapheme' }),
    shape: fc.array(fc.nat(5), { maxLength: 8 }),
  });
  fc.assert(
    fc.property(fc.uniqueArray(tensor, { selector: ({ name }) => name, maxLength: 6 }), (list) => {
      const named = list.filter(({ name }) => name !== '__metadata__' && name !== '__proto__');
      let end = 0;
      const header = named.map(({ name, shape }) => {
        const begin = end;
        end += shape.reduce((product, size) => product * size, 2);
        return [name, { dtype: 'F16', shape, data_offsets: [begin, end] }];
      });
      const read = readTensors(makeFile(Object.fromEntries(header), { data: end }), PATH);
      assert.equal(read.size, named.length);
      for (const { name, shape } of named) assert.deepEqual(read.get(name)?.shape, shape);
    }),
    { numRuns: 300 },
  );
});

test('an index gives the file of each tensor', () => {
  const { weightMap, files } = parseIndex(
    '{"metadata":{"total_size":1.5e9},"weight_map":{"b":"m-2.safetensors","a":"m-1.safetensors","c":"m-1.safetensors"}}',
    'i.json',
  );
  assert.deepEqual(
    [...weightMap],
    [
      ['b', 'm-2.safetensors'],
      ['a', 'm-1.safetensors'],
      ['c', 'm-1.safetensors'],
    ],
  );
  assert.deepEqual(files, ['m-1.safetensors', 'm-2.safetensors']);
});

test('an index that names anything but a file beside it is refused', () => {
  const names = [
    '../m.safetensors',
    '/m.safetensors',
    'a/m.safetensors',
    'a\\m.safetensors',
    '.safetensors',
    '%2e%2e.safetensors',
    'm.bin',
    'm.safetensors\0',
    'm.safetensors\n',
    '',
    'é.safetensors',
    `${'m'.repeat(200)}.safetensors`,
    1,
    null,
    ['m.safetensors'],
  ];
  for (const name of names) {
    assert.throws(
      () => parseIndex(JSON.stringify({ weight_map: { a: name } }), 'i.json'),
      FormatError,
      String(name),
    );
  }
  for (const text of [
    '',
    '[]',
    '{}',
    '{"weight_map":[]}',
    '{"weight_map":null}',
    '{"weight_map":{"a":"m.safetensors","a":"n.safetensors"}}',
    '{',
  ]) {
    assert.throws(() => parseIndex(text, 'i.json'), FormatError, text);
  }
});
