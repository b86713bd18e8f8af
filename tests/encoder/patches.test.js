/** Maps of patches against NumPy (patches.py), on real models, what does not apply, and what forward costs without maps. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { load, patchColours, patchSimilarity, rollout, Tensor } from '../../web/index.js';
import { folder, models, rejects } from './fixtures.js';

/** @typedef {{ shape: number[], data: string }} Text */
const { states } = JSON.parse(readFileSync(new URL('patches.json', import.meta.url), 'utf8'));

const vit = await load(`${models}vit`);
const swin = await load(`${models}swin`);
after(() => {
  vit.dispose();
  swin.dispose();
});

/** @param {Text} text */
const tensorOf = ({ shape, data }) =>
  new Tensor('float32', new Float32Array(new Uint8Array(Buffer.from(data, 'base64')).buffer), shape);

/** @param {Tensor} actual @param {Text} text @param {number} tolerance */
function near(actual, text, tolerance) {
  const expected = tensorOf(text);
  assert.deepEqual(actual.shape, expected.shape);
  const worst = expected.data.reduce(
    (most, x, i) => Math.max(most, Math.abs(Number(x) - Number(actual.data[i]))),
    0,
  );
  assert.ok(worst <= tolerance, `${worst}`);
}

/** Pixels by a fixed rule. @param {number[]} shape */
const pixels = (shape) =>
  new Tensor(
    'float32',
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i * 0.37)),
    shape,
  );

test('similarity and colours of patches are those of NumPy', () => {
  for (const { patches, state, row, column, similarity, colours } of states) {
    const last = { patches, last_hidden_state: tensorOf(state) };
    near(patchSimilarity(/** @type {any} */ (last), { row, column }), similarity, 2e-7);
    near(patchColours(/** @type {any} */ (last)), colours, 1e-6);
    const hidden = { patches, hidden_states: [null, tensorOf(state)] };
    near(patchSimilarity(/** @type {any} */ (hidden), { row, column, layer: 1 }), similarity, 2e-7);
    near(patchColours(/** @type {any} */ (hidden), { layer: 1 }), colours, 1e-6);
  }
});

test('patches that do not spread along three axes have zeros for the others', () => {
  const patches = { rows: 1, columns: 4, prefix: 0, classToken: false, windows: false };
  const colours = (/** @type {number[]} */ data) =>
    patchColours(
      /** @type {any} */ ({
        patches,
        last_hidden_state: new Tensor('float32', new Float32Array(data), [1, 4, 3]),
      }),
    ).tolist();
  assert.deepEqual(colours(Array(12).fill(2)), [[Array(4).fill([0, 0, 0])]]);
  const line = [0, 0, 0, 1, 2, 2, 2, 4, 4, 4, 8, 8];
  const [[values]] = /** @type {number[][][][]} */ (colours(line));
  assert.deepEqual(
    values.map(([red, green, blue]) => [Math.round(red * 1e6) / 1e6, green, blue]),
    [0, 0.25, 0.5, 1].map((red) => [red, 0, 0]),
  );
});

test('forward tells where the patches of pictures of any size are', async () => {
  const { patches } = await vit.forward({ pixel_values: pixels([2, 3, 32, 48]) }, { attentions: true });
  const { patch_size: side } = vit.config;
  const prefix = { prefix: 1, classToken: true, windows: false };
  assert.deepEqual(patches, { rows: Math.floor(32 / side), columns: Math.floor(48 / side), ...prefix });
  const deit = await load(`${models}deit_teacher`);
  const image = /** @type {number} */ (deit.config.image_size);
  const two = await deit.forward({ pixel_values: pixels([1, 3, image, image]) });
  assert.equal(two.patches.prefix, 2);
  assert.ok(two.patches.classToken);
  deit.dispose();
  const { patches: stages, last_hidden_state } = await swin.forward({ pixel_values: pixels([1, 3, 32, 32]) });
  assert.deepEqual([stages.prefix, stages.classToken, stages.windows], [0, false, true]);
  assert.equal(stages.rows * stages.columns, last_hidden_state.shape[1]);
});

test('registers are of the prefix, and models without a class token say so', async () => {
  for (const [name, prefix, classToken] of /** @type {const} */ ([
    ['dinov2', 1, true],
    ['dinov2_registers', 4, true],
    ['ijepa', 0, false],
  ])) {
    const encoder = await load(`${models}${name}`);
    const pixel_values = pixels([2, 3, 32, 24]);
    const outputs = await encoder.forward({ pixel_values }, { attentions: true });
    const { rows, columns } = outputs.patches;
    assert.deepEqual([outputs.patches.prefix, outputs.patches.classToken], [prefix, classToken], name);
    assert.equal(outputs.last_hidden_state.shape[1], prefix + rows * columns, name);
    const map = rollout(outputs);
    assert.deepEqual(map.shape, [2, rows, columns], name);
    assert.ok(map.data.every((x) => Number(x) >= 0));
    // Nothing is lost on the way through the layers: without a prefix the shares of patches are all there are.
    const sum = map.slice(1).data.reduce((total, x) => Number(total) + Number(x), 0);
    assert.ok(prefix ? Number(sum) < 1 : Math.abs(Number(sum) - 1) < 1e-5, `${name}: ${sum}`);
    assert.deepEqual(patchColours(outputs).shape, [2, rows, columns, 3], name);
    encoder.dispose();
  }
});

test('the tower of pictures in a model of two gives maps as the tower alone does', async () => {
  const encoder = await load(`${models}clip_quickgelu`);
  const { image_size: image, patch_size: side } = encoder.config.vision_config;
  const outputs = await encoder.forward({ pixel_values: pixels([2, 3, image, image]) }, { attentions: true });
  assert.deepEqual(rollout(outputs.vision_model_output).shape, [2, image / side, image / side]);
  encoder.dispose();
});

test("a model's own outputs go into each of them", async () => {
  const outputs = await vit.forward(
    { pixel_values: pixels([2, 3, 32, 32]) },
    { attentions: true, hidden_states: true },
  );
  const { rows, columns } = outputs.patches;
  const map = rollout(outputs);
  assert.deepEqual(map.shape, [2, rows, columns]);
  const sum = map.slice(0).data.reduce((total, x) => Number(total) + Number(x), 0);
  assert.ok(Number(sum) > 0 && Number(sum) < 1, `${sum}`);
  const alike = patchSimilarity(outputs, { row: 1, column: 0 });
  assert.ok(Math.abs(Number(alike.data[columns]) - 1) < 1e-6);
  assert.deepEqual(patchColours(outputs, { layer: 1 }).shape, [2, rows, columns, 3]);
  const windows = await swin.forward(
    { pixel_values: pixels([1, 3, 32, 32]) },
    { attentions: true, hidden_states: true },
  );
  assert.equal(patchColours(windows).shape[3], 3);
  assert.equal(patchSimilarity(windows, { row: 0, column: 0 }).data[0], 1);
  await rejects(() => rollout(windows), 'UnsupportedError', /attends within windows/);
  await rejects(
    () => patchColours(windows, { layer: 0 }),
    'ShapeError',
    /the state has \d+ tokens; expected 0/,
  );
});

test('what is missing or wrong is named', async () => {
  const plain = await vit.forward({ pixel_values: pixels([1, 3, 32, 32]) });
  /** @type {[() => unknown, string, RegExp][]} */
  const cases = [
    [() => rollout(plain), 'InputError', /no attentions; forward gives them with {attentions: true}/],
    [() => patchColours(plain, { layer: 0 }), 'InputError', /no hidden_states; forward gives them/],
    [() => rollout(/** @type {any} */ ({})), 'InputError', /expected what forward gave for pictures/],
    [() => patchColours(/** @type {any} */ (null)), 'InputError', /expected what forward gave for pictures/],
    [
      () => patchSimilarity(plain, { row: 99, column: 0 }),
      'InputError',
      /option "row" must be an integer from 0 to 3, not 99/,
    ],
    [() => patchSimilarity(plain, /** @type {any} */ ({ row: 0 })), 'InputError', /column/],
    [() => rollout(plain, /** @type {any} */ ({ head: 'max' })), 'InputError', /"?head"?/],
    [
      () => rollout({ ...plain, attentions: [pixels([1, 2, 3, 3])] }),
      'ShapeError',
      /attentions\[0\] has shape \[1, 2, 3, 3\]; expected \[1, heads/,
    ],
  ];
  for (const [action, name, message] of cases) await rejects(action, name, message);
});

test('pictures are prepared for forward as for embed', async () => {
  const files = folder('vit', {
    'preprocessor_config.json': { image_processor_type: 'ViTImageProcessor', size: 32 },
  });
  const encoder = await load(files);
  const picture = {
    data: Uint8Array.from({ length: 40 * 50 * 3 }, (_, i) => (i * 7) % 256),
    width: 50,
    height: 40,
  };
  const inputs = await encoder.preprocess([picture, picture]);
  assert.deepEqual(inputs.pixel_values.shape, [2, 3, 32, 32]);
  const { last_hidden_state: rows } = await encoder.forward(await encoder.preprocess(picture));
  assert.deepEqual([...(await encoder.embed(picture)).data], [...rows.slice(0, 0).data]);
  await rejects(encoder.preprocess([]), 'InputError', /takes pictures/);
  await rejects(encoder.preprocess(/** @type {any} */ ('a cat')), 'InputError', /reads no texts/);
  await rejects(encoder.preprocess(picture, /** @type {any} */ ({ turn: 1 })), 'InputError', /turn/);
  encoder.dispose();
});

/**
 * Bytes of the float arrays that JavaScript makes during a task.
 * @param {() => Promise<unknown>} task
 */
async function bytesOf(task) {
  const { Float32Array: plain } = globalThis;
  let bytes = 0;
  globalThis.Float32Array = new Proxy(plain, {
    construct(target, args, newTarget) {
      const made = Reflect.construct(
        target,
        args,
        newTarget === globalThis.Float32Array ? target : newTarget,
      );
      if (typeof args[0] === 'number') bytes += made.byteLength;
      return made;
    },
  });
  try {
    await task();
  } finally {
    globalThis.Float32Array = plain;
  }
  return bytes;
}

test('attention maps and hidden states take no memory unless they are asked for', async () => {
  const encoder = await load(`${models}vit`);
  const { hidden_size: width, num_hidden_layers: layers, num_attention_heads: heads } = encoder.config;
  const inputs = { pixel_values: pixels([1, 3, 8 * 20, 8 * 20]) };
  const { patches, last_hidden_state: last } = await encoder.forward(inputs);
  const [, tokens] = last.shape;
  assert.ok(tokens > 100 && patches.rows > 9);
  const before = encoder.memory;
  const plain = await bytesOf(() => encoder.forward(inputs));
  assert.equal(encoder.memory, before);
  const rows = tokens * width * 4;
  const hidden = await bytesOf(() => encoder.forward(inputs, { hidden_states: true }));
  const maps = await bytesOf(() => encoder.forward(inputs, { attentions: true }));
  // Two copies of the last rows and of what heads make of them; a map would be larger than all of it.
  assert.ok(plain < 6 * rows, `${plain} bytes, rows have ${rows}`);
  assert.ok(hidden - plain >= (layers + 1) * rows, `${hidden - plain} bytes more`);
  assert.ok(maps - plain >= layers * heads * tokens ** 2 * 4, `${maps - plain} bytes more`);
  encoder.dispose();
});
