// The models of tutorials 2, 4 and 5 against reference data; all five tutorials as programs, and what they draw.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { decode } from 'fast-png';
import { attend } from '../../demo/tutorials/2-multi-head-attention.js';
import { classify, clipTokens, picture } from '../../demo/tutorials/4-vision-transformer.js';
import { encode } from '../../demo/tutorials/5-token-encoder.js';
import { assertClose, encodingCases, modelCase } from './golden.js';

const ROOT = new URL('../../', import.meta.url);

for (const name of ['seed001_d2l_ones', 'seed001_d2l_self', 'seed001_d2l_mha']) {
  test(`tutorial 2: multi-head attention gives the outputs of ${name}`, async () => {
    const { tensors, inputs, outputs } = modelCase(name);
    const found = await attend({ tensors, ...inputs });
    assertClose(found.output, outputs.output, 2e-5);
    assertClose(found.attention_weights, outputs.attention_weights, 3e-6);
  });
}

test('tutorial 2: among tokens that are all alike, attention is even over the valid ones', async () => {
  const { output, attention_weights: weights } = await attend();
  assert.deepEqual(output.shape, [2, 4, 100]);
  const expected = [3, 2].flatMap((valid) =>
    Array.from({ length: 5 * 4 }, () => [0, 1, 2, 3].map((key) => (key < valid ? 1 / valid : 0))).flat(),
  );
  assertClose(weights, { shape: [10, 4, 4], data: expected }, 1e-6);
  assertClose(output.slice(0, 0), output.slice(1, 3), 1e-6);
  const none = await attend({ valid_lens: [0, 4] });
  assertClose(none.attention_weights.slice([0, 5]), { shape: [5, 4, 4], data: Array(80).fill(0.25) }, 1e-6);
});

test('tutorial 4: the vision transformer gives the outputs of its reference', async () => {
  const { tensors, inputs, outputs } = modelCase('seed003_vit');
  const { logits, last_hidden_state: tokens } = await classify({
    tensors,
    pixel_values: inputs.pixel_values,
  });
  assertClose(logits, outputs.logits, 4e-6);
  assertClose(tokens, outputs.last_hidden_state, 4e-5);
});

test('tutorial 4: its own picture gets ten logits, and attention that adds up to one', async () => {
  const { logits, attentions } = await classify();
  assert.deepEqual(picture().shape, [1, 3, 32, 32]);
  assert.deepEqual(logits.shape, [1, 10]);
  const [map] = attentions;
  assert.deepEqual(map.shape, [1, 8, 17, 17]);
  for (let query = 0; query < 17; query++) {
    const shares = Array.from(map.slice(0, 3, query).data, Number);
    assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-6);
  }
});

test("tutorial 4: the tokens of CLIP's attention pool begin with the mean", async () => {
  for (const { inputs, outputs } of encodingCases('seed003_clip_positional_embedding')) {
    const found = await clipTokens({ x: inputs.x_nchw, table: inputs.positional_embedding });
    assertClose(found, outputs.out.tensor, outputs.out.tol);
  }
});

for (const name of ['seed004_encoder', 'seed004_encoder_mask']) {
  test(`tutorial 5: the encoder gives the output of ${name}, with positions of its own`, async () => {
    const { config, tensors, inputs, outputs } = modelCase(name);
    const { 'pos_encoding.pe': _, ...weights } = tensors;
    const found = await encode({ config, tensors: weights, ...inputs });
    const width = config.hidden_size;
    const mask = inputs.attention_mask?.data;
    const isValid = (/** @type {number} */ i) => !mask || mask[Math.floor(i / width)] === 1;
    assertClose(found, outputs.last_hidden_state, 2e-5, isValid);
  });
}

test('tutorial 5: 32 sequences of 50 tokens become normed vectors of 512, each as if it were alone', async () => {
  const output = await encode();
  assert.deepEqual(output.shape, [32, 50, 512]);
  // The last thing that happens to a vector is a norm with gain 1 and shift 0.
  for (const [sequence, token] of [
    [0, 0],
    [7, 21],
    [31, 49],
  ]) {
    const vector = Array.from(output.slice(sequence, token).data, Number);
    const mean = vector.reduce((sum, one) => sum + one, 0) / 512;
    const variance = vector.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 512;
    assert.ok(Math.abs(mean) < 1e-5 && Math.abs(variance - 1) < 1e-3, `mean ${mean}, variance ${variance}`);
  }
  const ids = Array.from({ length: 50 }, (_, i) => (i * 37) % 10000);
  const [alone, together] = await Promise.all([
    encode({ input_ids: [ids] }),
    encode({ input_ids: [ids, ids] }),
  ]);
  assert.deepEqual(together.slice(1).data, alone.slice(0).data);
});

const programs = readdirSync(new URL('demo/tutorials/', ROOT)).filter((name) => /^\d-/.test(name));

test('there are five tutorials', () => assert.equal(programs.length, 5));

/** How many pictures each draws. @type {Record<string, number>} */
const PICTURES = { 1: 2, 2: 1, 3: 1, 4: 2, 5: 0 };

for (const program of programs) {
  test(`${program} runs as a program and says what it shows and what was wrong`, () => {
    const path = fileURLToPath(new URL(`demo/tutorials/${program}`, ROOT));
    const text = execFileSync(process.execPath, [path], { encoding: 'utf8' });
    assert.doesNotMatch(text, /NaN\b(?!:)|undefined|Infinity/);
    assert.match(
      readFileSync(path, 'utf8'),
      /^\/\*\*\n \* Tutorial \d: .*\n(.*\n)*? \* .*wrong|What to know/,
    );
    const pictures = [...text.matchAll(/drawn: (.*)\n/g)];
    assert.equal(pictures.length, PICTURES[program[0]]);
    for (const [, drawn] of pictures) {
      const file = readFileSync(drawn);
      if (drawn.endsWith('.svg')) assert.match(file.toString(), /^<svg .*<\/svg>$/s);
      else assert.ok(decode(file).width > 200, drawn);
    }
  });
}

test('the lines of tutorial 2 are columns 6 to 9', () => {
  const svg = readFileSync(new URL('build/tutorials/2-columns.svg', ROOT), 'utf8');
  const paths = [...svg.matchAll(/<path d="([^"]+)"[^>]*><title>column (\d)<\/title>/g)];
  assert.deepEqual(
    paths.map(([, , column]) => column),
    ['6', '7', '8', '9'],
  );
  for (const [, d, column] of paths) {
    const heights = d
      .slice(1)
      .split('L')
      .map((point) => Number(point.split(' ')[1]));
    assert.equal(heights.length, 60);
    heights.forEach((height, position) => {
      const angle = position / 10000 ** ((2 * Math.floor(Number(column) / 2)) / 32);
      const value = Number(column) % 2 ? Math.cos(angle) : Math.sin(angle);
      // Of the plot's height, 224 pixels are the values from -1 to 1.
      const shown = 1 - (height - 36) / 112;
      assert.ok(Math.abs(shown - value) < 0.001, `column ${column} at ${position}: ${shown}`);
    });
  }
});
