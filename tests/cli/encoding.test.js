// `wasmformer encoding`: files that hold the reference tables, pictures that show them. Its options: encoding_options.test.js.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { decode } from 'fast-png';
import { encodings, Tensor } from 'wasmformer';
import { assertClose, encodingCases } from '../tutorials/golden.js';
import { run, temporaryFolder } from './command.js';
import { findParts } from './picture.js';

/** @type {Record<string, any>} */
let pe;
before(async () => {
  pe = await encodings();
});
after(() => pe.dispose());

const [grid] = encodingCases('seed000_posemb_sincos_2d');
const { h, w, dim } = grid.params;
const GRID = `encoding sincos2d --height ${h} --width ${w} --dim ${dim} --preset simple-vit`.split(' ');

test('sincos2d as .npy and .csv holds the reference table', async (context) => {
  const folder = temporaryFolder(context);
  const { tensor, tol } = grid.outputs.out;
  const npy = await run([...GRID, '-o', join(folder, 'table.npy')]);
  assert.equal(npy.code, 0, npy.stderr);
  assert.match(npy.stderr, /table\.npy: float32 \[400, 64\]\n$/);
  const table = Tensor.fromNpy(new Uint8Array(readFileSync(join(folder, 'table.npy'))));
  assertClose(table, tensor, tol);
  const csv = await run([...GRID, '--format', 'csv']);
  const rows = csv.stdout
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => line.split(',').map(Number));
  assert.deepEqual(Float32Array.from(rows.flat()), table.data);
  assert.equal(rows.length, 400);
  const piped = await run(GRID);
  assert.deepEqual(new Uint8Array(piped.stdout), table.toNpy());
});

test('a picture shows the values: read back by its own colour bar, they are the reference ones', async (context) => {
  const file = join(temporaryFolder(context), 'bias.png');
  const [{ params, inputs, outputs }] = encodingCases('relative_position_bias').filter(
    (one) => one.params.heads === 4,
  );
  const [first] = [inputs.table.slice(null, [0, 1])];
  const table = file.replace('png', 'npy');
  writeFileSync(table, first.toNpy());
  const { code, stderr } = await run([
    'encoding',
    'windowBias',
    '--window',
    params.win.join(),
    '--table',
    table,
    '-o',
    file,
  ]);
  assert.equal(code, 0, stderr);
  const { plot, bar } = findParts(decode(readFileSync(file)));
  const expected = outputs.out.tensor.slice(0);
  const values = Array.from(expected.data, Number);
  const most = Math.max(...values.map(Math.abs));
  const least = -most;
  assert.ok(values.some((value) => value < 0) && values.some((value) => value > 0));
  for (let row = 0; row < 16; row++) {
    for (let column = 0; column < 16; column++) {
      const shade = plot.at((column + 0.5) / 16, (row + 0.5) / 16);
      const place = bar.nearest(shade);
      const shown = most + place * (least - most);
      const difference = Math.abs(shown - values[row * 16 + column]);
      assert.ok(difference < 0.02 * (most - least), `row ${row}, column ${column}: ${shown}`);
    }
  }
  // Brown above zero, blue below, next to white at zero.
  const known = [
    [0, [95, 44, 0]],
    [0.5, [244, 244, 242]],
    [1, [8, 48, 107]],
  ];
  for (const [place, color] of /** @type {[number, number[]][]} */ (known))
    assert.ok(
      bar.at(0.5, place).every((part, i) => Math.abs(part - color[i]) < 5),
      `${place}: ${bar.at(0.5, place)}`,
    );
});

test('several results are files of their own, or one of them is chosen', async (context) => {
  const folder = temporaryFolder(context);
  const words = ['encoding', 'rope', '--length', '3', '--dim', '4'];
  assert.equal((await run([...words, '-o', join(folder, 'r.npy')])).code, 0);
  const { cos, sin } = pe.rope({ length: 3, dim: 4 });
  for (const [name, expected] of Object.entries({ cos, sin })) {
    const found = Tensor.fromNpy(new Uint8Array(readFileSync(join(folder, `r-${name}.npy`))));
    assert.deepEqual(found.tolist(), expected.tolist());
  }
  const one = await run([...words, '--only', 'sin']);
  assert.deepEqual(new Uint8Array(one.stdout), sin.toNpy());
});
