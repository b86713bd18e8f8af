// PNG decoded without sharp: every kind against libpng, which sharp has, and how much memory a large one takes.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createDeflate } from 'node:zlib';
import fc from 'fast-check';
import { readImage } from '../../bindings/vision/input.js';
import * as platform from '../../web/platform.js';
import { rejects } from '../encoder/fixtures.js';
import { rgbOf, withoutSharp } from './fixtures.js';
import { chunk, png } from './png.js';

const folder = mkdtempSync(join(tmpdir(), 'wasmformer-png-'));
after(() => rmSync(folder, { recursive: true }));

const KINDS = [1, 2, 4, 8, 16]
  .map((depth) => ({ type: 0, depth, samples: 1 }))
  .concat([1, 2, 4, 8].map((depth) => ({ type: 3, depth, samples: 1 })))
  .concat(
    [8, 16].flatMap((depth) =>
      [2, 4, 6].map((type) => ({ type, depth, samples: [0, 0, 3, 0, 2, 0, 4][type] })),
    ),
  );
const ADAM7 = ['0088', '4088', '0448', '2044', '0224', '1022', '0112'].map((pass) => [...pass].map(Number));

/** Rows of noise behind filters of all kinds, as long as a picture's are. @param {any} kind @param {number} seed */
function noise({ width, height, depth, samples, interlaced }, seed) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state >>> 16;
  };
  const rows = [];
  for (const [x, y, dx, dy] of interlaced ? ADAM7 : [[0, 0, 1, 1]]) {
    const columns = Math.ceil((width - x) / dx);
    for (let i = y; columns > 0 && i < height; i += dy)
      rows.push(
        next() % 5,
        ...Array.from({ length: Math.ceil((columns * samples * depth) / 8) }, () => next() & 255),
      );
  }
  return Uint8Array.from(rows);
}

test('every type, depth, filter and interlacing gives the pixels that libpng gives', async () => {
  const side = fc.integer({ min: 1, max: 19 });
  const palette = Uint8Array.from({ length: 768 }, (_, i) => (i * 89) % 256);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...KINDS),
      side,
      side,
      fc.nat(1),
      fc.nat(),
      async (kind, width, height, interlaced, seed) => {
        const { type, depth } = kind;
        const colours = type === 3 ? palette.subarray(0, 3 << depth) : undefined;
        const data = noise({ ...kind, width, height, interlaced }, seed);
        const file = png(width, height, data, { type, depth, interlaced, palette: colours });
        const [want, got] = await Promise.all([platform, withoutSharp].map((way) => readImage(file, way)));
        assert.deepEqual([got.width, got.height], [width, height]);
        assert.deepEqual(rgbOf(got), rgbOf(want));
      },
    ),
    { numRuns: 400 },
  );
});

test('what no PNG has gets a FormatError that says so', async () => {
  const rows = new Uint8Array(7);
  const bent = (/** @type {number} */ at) => {
    const file = png(2, 1, rows);
    return file.with(at, file[at] ^ 1);
  };
  const header = (/** @type {number[]} */ bytes) => {
    const file = png(2, 1, rows);
    const body = file.slice(16, 29);
    body.set(bytes, 8);
    file.set(chunk('IHDR', body), 8);
    return file;
  };
  /** @type {[Uint8Array, RegExp][]} */
  const cases = [
    [bent(32), /the checksum of a chunk IHDR is wrong/],
    [bent(44), /the checksum of a chunk IDAT is wrong/],
    [header([3]), /its colours are of type 2 with 3 bits/],
    [header([8, 5]), /its colours are of type 5 with 8 bits/],
    [header([8, 2, 1]), /its header asks for what no PNG has/],
    [header([8, 2, 0, 0, 2]), /its header asks for what no PNG has/],
    [png(2, 1, rows.with(0, 5)), /a row has the filter 5; expected 0 to 4/],
    [png(2, 1, new Uint8Array(6)), /it holds fewer pixels than its header says/],
    [png(2, 1, new Uint8Array(8)), /it holds more pixels than its header says/],
    [
      png(1, 1, Uint8Array.of(0, 2), { type: 3, palette: new Uint8Array(6) }),
      /a pixel has none of the colours/,
    ],
    [png(1, 1, Uint8Array.of(0, 0), { type: 3 }), /a pixel has none of the colours/],
  ];
  for (const [file, message] of cases) await rejects(readImage(file, withoutSharp), 'FormatError', message);
});

/**
 * Writes a PNG of 64 megapixels, 10000 x 6400, row by row.
 * @param {string} path
 * @param {Uint8Array[]} [extra] chunks behind the header
 */
async function writeLarge(path, extra = []) {
  const [width, height] = [10000, 6400];
  const row = Uint8Array.from({ length: 1 + 3 * width }, (_, i) => (i === 0 ? 0 : (i * 7) % 251));
  const start = png(width, height, new Uint8Array(1)).subarray(0, 33);
  const data = createDeflate({ level: 1, chunkSize: 1 << 20 });
  const rows = Readable.from(
    (function* () {
      for (let y = 0; y < height; y++) yield row;
    })(),
  );
  await pipeline(
    rows,
    data,
    async function* (deflated) {
      yield start;
      yield* extra;
      for await (const bytes of deflated) yield chunk('IDAT', bytes);
      yield chunk('IEND', new Uint8Array(0));
    },
    createWriteStream(path),
  );
}

/** What a process of its own says of a picture that it reads. @param {string} path */
function readAlone(path) {
  const program = fileURLToPath(new URL('read-one.js', import.meta.url));
  return JSON.parse(execFileSync(process.execPath, [program, path], { encoding: 'utf8' }));
}

for (const [what, orientation] of /** @type {const} */ ([
  ['as it is', 1],
  ['turned', 6],
])) {
  test(`64 megapixels ${what} cost at most twice the bytes of their colours`, async () => {
    const exif = Uint8Array.from([
      ...Buffer.from('MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0', 'latin1'),
      orientation,
      0,
      0,
      0,
      0,
      0,
      0,
    ]);
    const [small, large] = ['small.png', 'large.png'].map((name) => join(folder, name));
    writeFileSync(small, png(1, 1, new Uint8Array(4)));
    await writeLarge(large, [chunk('eXIf', exif)]);
    const before = readAlone(small);
    const { width, height, bytes, held } = readAlone(large);
    const size = orientation === 1 ? [10000, 6400] : [6400, 10000];
    assert.deepEqual([width, height, bytes], [...size, 192e6]);
    const cost = held - before.held;
    console.log(`${what}: ${(cost / bytes).toFixed(2)} times ${bytes} bytes`);
    assert.ok(cost <= 2 * bytes, `${cost} bytes`);
  });
}
