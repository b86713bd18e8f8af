/** The page's photograph with the page's network, DINOv2 ViT-S/14, against PyTorch and NumPy (photo.py). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { load, patchColours, patchSimilarity, rollout } from '../../web/index.js';

/** @typedef {import('../../web/index.js').Tensor} Tensor */
/** @typedef {{ shape: number[], data: string, tolerance: number }} Text */

const photo = process.env.PHOTO ?? fileURLToPath(new URL('../../.cache/photo', import.meta.url));
const { side, places, eyes, states, layer, pixels, outputs } = JSON.parse(
  readFileSync(new URL('photo.json', import.meta.url), 'utf8'),
);

const encoder = await load(photo);
after(() => encoder.dispose());
const input = await encoder.preprocess({ path: `${photo}/photo.jpg` });
const found = await encoder.forward(input, { hidden_states: true, attentions: true });
const { last_hidden_state, attentions } = /** @type {Required<typeof found>} */ (found);

/** @param {Text} text @param {number} [from] @param {number} [to] values */
const valuesOf = ({ data }, from, to) =>
  new Float32Array(new Uint8Array(Buffer.from(data, 'base64')).buffer).subarray(from, to);

/** @param {Iterable<number | bigint>} actual @param {Float32Array} expected @param {number} tolerance */
function near(actual, expected, tolerance) {
  const values = Array.from(actual, Number);
  assert.equal(values.length, expected.length);
  const worst = values.reduce((most, x, i) => Math.max(most, Math.abs(x - expected[i])), 0);
  assert.ok(worst <= tolerance, `${worst} is more than ${tolerance}`);
}

/** @param {string} name of an output @param {Iterable<number | bigint>} actual */
const nearOutput = (name, actual) => near(actual, valuesOf(outputs[name]), outputs[name].tolerance);

/** The cosines to a place's patch. @param {string} place @param {number | null} state */
function cosines(place, state) {
  const [row, column] = places[place];
  return patchSimilarity(found, { row, column, layer: state ?? undefined });
}

test('the photograph is prepared as by Pillow', () => {
  const { pixel_values } = /** @type {{ pixel_values: Tensor }} */ (input);
  assert.deepEqual(pixel_values.shape, [1, 3, side * 14, side * 14]);
  const rows = [0, 1, 2].flatMap((channel) => [
    ...pixel_values.slice(0).slice(channel).slice(pixels.row).data,
  ]);
  near(rows, valuesOf(pixels), 1e-6);
});

test('vectors are those of PyTorch', () => {
  const at = Object.values(places).map(([row, column]) => 1 + row * side + column);
  const vectors = last_hidden_state.slice(0);
  nearOutput(
    'vectors',
    [0, ...at].flatMap((token) => [...vectors.slice(token).data]),
  );
});

test('maps of patches are those of NumPy on what PyTorch gives', () => {
  nearOutput(
    'similarity',
    states.flatMap((/** @type {number | null} */ state) =>
      Object.keys(places).flatMap((place) => [...cosines(place, state).data]),
    ),
  );
  nearOutput('rollout', rollout(found).data);
  nearOutput('colours', patchColours(found).data);
});

test('heads of the eighth layer look from the class token to the eyes as in PyTorch', () => {
  const heads = attentions[layer].slice(0);
  const shares = Array.from({ length: heads.shape[0] }, (_, head) =>
    Object.values(eyes).map(([top, bottom, left, right]) => {
      const looks = heads.slice(head).slice(0).data;
      let share = 0;
      for (let row = top; row < bottom; row++)
        for (let column = left; column < right; column++) share += Number(looks[1 + row * side + column]);
      return share;
    }),
  );
  nearOutput('shares', shares.flat());
});

test('what the page says: one eye finds the other', () => {
  for (const state of states) {
    for (const [one, other] of [
      ['left eye', 'right eye'],
      ['right eye', 'left eye'],
    ]) {
      const [row, column] = places[one];
      const far = [...cosines(one, state).data].map((x, i) =>
        Math.hypot(Math.floor(i / side) - row, (i % side) - column) < side / 4 ? -1 : Number(x),
      );
      const best = far.indexOf(Math.max(...far));
      const [top, bottom, left, right] = eyes[other];
      const [y, x] = [Math.floor(best / side), best % side];
      assert.ok(
        y >= top && y < bottom && x >= left && x < right,
        `${one} finds row ${y}, column ${x} in ${state}`,
      );
    }
  }
});
