// Values that no caller should pass and some do: every one is a typed error or an answer, in bounded time, and never another.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import vm from 'node:vm';
import { ENCODINGS } from '../../bindings/encodings/index.js';
import { WasmformerError } from '../../bindings/errors.js';
import { similarity } from '../../bindings/similarity.js';
import { Tensor } from '../../bindings/tensor.js';
import { PICTURES } from '../../demo/docs/pictures/index.js';
import { encodings, load } from '../../web/index.js';

const models = new URL('../goldens/data/models/', import.meta.url).pathname;
/** Odd options are not of the functions' types. @type {any} */
const pe = await encodings();
after(() => pe.dispose());

/** @param {number} depth @returns {any} */
const deep = (depth) => {
  let list = /** @type {any} */ ([1]);
  for (let i = 0; i < depth; i++) list = [list];
  return list;
};
const cyclic = /** @type {any[]} */ ([]);
cyclic.push(cyclic);
const doubly = /** @type {any[]} */ ([]);
doubly.push(doubly, doubly);
/** Few lists that stand for 10^9 numbers. */
const shared = [1, 2, 3].reduce((inner) => Array(1000).fill(inner), /** @type {any} */ (1));
const sparse = [1];
sparse.length = 2 ** 32 - 1;
const given = new Float32Array(4);
structuredClone(given.buffer, { transfer: [given.buffer] });
const bare = Object.assign(Object.create(null), { a: 1 });

/** @type {[string, () => any][]} */
const ODD = [
  ['a symbol', () => Symbol('odd')],
  ['an object without prototype', () => bare],
  ['an array of symbols', () => [Symbol('odd')]],
  ['an array with holes', () => Object.assign(Array(3), [1])],
  ['a sparse array', () => sparse],
  ['a sparse array in an array', () => [sparse]],
  ['a deep array', () => deep(100_000)],
  ['a cyclic array', () => cyclic],
  ['an array with itself twice', () => doubly],
  ['few lists for many numbers', () => shared],
  ['an array of arrays without prototype', () => [[bare]]],
  ['an array whose memory is gone', () => given],
  ['a tensor whose memory is gone', () => ({ dtype: 'float32', data: given, shape: [2, 2] })],
  ['a tensor with less data', () => ({ dtype: 'float32', data: new Float32Array(3), shape: [8, 8] })],
  ['a tensor with more data', () => ({ dtype: 'float32', data: new Float32Array(65), shape: [8, 8] })],
  [
    'a tensor of a huge shape',
    () => ({ dtype: 'float32', data: new Float32Array(1), shape: [2 ** 32 + 1, 1] }),
  ],
  ['a tensor of an empty huge shape', () => ({ data: new Float32Array(0), shape: [0, 2 ** 40] })],
  ['a tensor of negative sizes', () => ({ data: new Float32Array(4), shape: [-2, -2] })],
  ['a tensor of a shape of strings', () => ({ data: new Float32Array(4), shape: ['2', '2'] })],
  ['a tensor of a cyclic shape', () => ({ data: new Float32Array(4), shape: cyclic })],
  ['a tensor of symbols', () => ({ data: [Symbol('odd')], shape: [1] })],
  ['a tensor of big integers', () => ({ data: new BigInt64Array(4).fill(2n ** 60n), shape: [2, 2] })],
  ['a view of another kind', () => new DataView(new ArrayBuffer(8))],
  ['a function', () => () => 1],
  ['a big integer', () => 2n ** 80n],
  ['a map', () => new Map([['a', 1]])],
  ['text', () => 'odd'],
  ['null', () => null],
];

/** @param {() => unknown} work */
async function answersOrRefuses(work) {
  try {
    await work();
  } catch (error) {
    assert.ok(error instanceof WasmformerError, String(/** @type {any} */ (error)?.stack ?? error));
  }
}

for (const [what, make] of ODD) {
  test(`encodings: ${what} for any option is a typed error or an answer`, async () => {
    for (const [name, { options: table }] of Object.entries(ENCODINGS)) {
      const { options, forms = [] } = PICTURES[name](pe);
      for (const form of [options, ...forms]) {
        for (const option of [...Object.keys(table), 'out', 'unknown'])
          await answersOrRefuses(() => pe[name]({ ...form, [option]: make() }));
      }
      await answersOrRefuses(() => pe[name](make()));
      await answersOrRefuses(() => pe[name](Object.assign(Object.create(null), options)));
    }
  });

  test(`encoders: ${what} for any input or option is a typed error or an answer`, async () => {
    for (const [model, inputs] of FORWARDS) {
      const encoder = await load(models + model);
      const good = await encoder.forward(inputs);
      for (const name of [
        'input_ids',
        'attention_mask',
        'token_type_ids',
        'pixel_values',
        'mask',
        ...Object.keys(inputs),
      ]) {
        await answersOrRefuses(() => encoder.forward({ ...inputs, [name]: make() }));
        await answersOrRefuses(() => encoder.embed({ ...inputs, [name]: make() }));
      }
      for (const name of ['hidden_states', 'attentions', 'signal', 'progress', 'dimensions'])
        await answersOrRefuses(() => encoder.embed(inputs, { [name]: make() }));
      await answersOrRefuses(() => encoder.forward(make()));
      await answersOrRefuses(() => encoder.forward(inputs, make()));
      await answersOrRefuses(() => encoder.embed(make()));
      await answersOrRefuses(() => encoder.classify(make()));
      assert.deepEqual(await encoder.forward(inputs), good, 'the encoder goes on');
      encoder.dispose();
    }
  });

  test(`load, Tensor and similarity: ${what} is a typed error or an answer`, async () => {
    for (const name of [
      'dtype',
      'threads',
      'simd',
      'maxTokens',
      'wasm',
      'progress',
      'signal',
      'fetch',
      'unknown',
    ])
      await answersOrRefuses(async () => (await load(`${models}bert_base`, { [name]: make() })).dispose());
    await answersOrRefuses(() => load(`${models}bert_base`, make()));
    await answersOrRefuses(() => load({ config: { model_type: 'bert' }, tensors: { x: make() } }));
    for (const work of [
      () => new Tensor('float32', make(), [4]),
      () => new Tensor('float32', new Float32Array(4), make()),
      () => new Tensor(make(), new Float32Array(4), [4]),
      () => new Tensor('float32', new Float32Array(4), [4]).slice(make()),
      () => Tensor.fromNpy(make()),
      () => similarity(make()),
      () => similarity(new Tensor('float32', new Float32Array(4), [2, 2]), make()),
    ])
      await answersOrRefuses(work);
  });
}

/** @type {[string, any][]} */
const FORWARDS = [
  ['bert_base', { input_ids: [[2, 5, 3]] }],
  ['seed004_encoder', { input_ids: [[1, 2, 3]] }],
];

test('a module that is none, and bytes that are none, are refused by name', async () => {
  for (const wasm of [new Uint8Array(8), new Float32Array(4), {}, 'core.wasm', 3, given]) {
    const loaded = load(`${models}bert_base`, { wasm: /** @type {any} */ (wasm) });
    await assert.rejects(loaded, { name: 'InputError', path: 'wasm' });
  }
  const other = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
  await assert.rejects(load(`${models}bert_base`, { wasm: other }), { name: 'InputError', path: 'wasm' });
});

test('arrays of another realm are arrays', async () => {
  const realm = vm.createContext({});
  const inside = (/** @type {string} */ code) => vm.runInContext(code, realm);
  const rows = inside('new Float32Array([1, 0, 0, 1])');
  assert.ok(!(rows instanceof Float32Array));
  const tensor = new Tensor('float32', rows, inside('[2, 2]'));
  assert.deepEqual(similarity(tensor).tolist(), [
    [1, 0],
    [0, 1],
  ]);
  assert.deepEqual(tensor.slice(0).data, new Float32Array([1, 0]));
  const table = { dtype: 'float32', data: inside('new Float64Array(12).fill(0.5)'), shape: [3, 4] };
  assert.equal(
    pe.learnedTable({ table, x: tensor.shape && new Tensor('float32', new Float32Array(12), [3, 4]) })
      .data[0],
    0.5,
  );
  const out = inside('new Float32Array(32)');
  const filled = pe.sincos1d({ length: 8, dim: 4, out });
  assert.deepEqual(Array.from(out), Array.from(filled.data));
  const mask = inside('new Float32Array(16)');
  pe.paddingMask({ lengths: inside('new Int32Array([1, 4])'), length: 4, out: mask.subarray(0, 8) });
  const encoder = await load(`${models}bert_base`);
  const own = await encoder.forward({ input_ids: [[2, 5, 3]] });
  for (const data of ['new Int32Array([2, 5, 3])', 'new BigInt64Array([2n, 5n, 3n])', '[2, 5, 3]'])
    assert.deepEqual(
      await encoder.forward({ input_ids: { data: inside(data), shape: inside('[1, 3]') } }),
      own,
    );
  encoder.dispose();
});

test('the same request has the same answer, whatever ran before', async () => {
  const vit = await load(`${models}vit`);
  const { image_size: side } = /** @type {any} */ (vit.config);
  const picture = (/** @type {number} */ value) =>
    new Tensor('float32', new Float32Array(3 * side * side).fill(value), [1, 3, side, side]);
  const short = { data: new Float32Array(7), shape: [1, 3, side, side] };
  for (const value of [0, 1, -3]) {
    await vit.forward({ pixel_values: picture(value) });
    await assert.rejects(vit.forward({ pixel_values: short }), { name: 'ShapeError', path: 'pixel_values' });
  }
  vit.dispose();
});
