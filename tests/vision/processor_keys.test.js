// Every key that transformers' image processors know (processor_keys.json, which processor_keys.py made) has one use here, and
// model types get the processors that they get there.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readPreparation } from '../../bindings/vision/preprocessor_config.js';
import { MODEL_TYPES, PROCESSORS, usesOf } from '../../bindings/vision/processors.js';
import { rejects } from '../encoder/fixtures.js';

/** @typedef {import('../../bindings/vision/processors.js').Name} Name */
/** @type {{ keys: Record<Name, string[]>, models: Record<string, Name>, defaults: Record<Name, Record<string, any>> }} */
const known = JSON.parse(readFileSync(new URL('processor_keys.json', import.meta.url), 'utf8'));
const names = /** @type {Name[]} */ (Object.keys(PROCESSORS));

/** @param {Name} name @param {object} [more] @returns {Record<string, unknown>} */
const configOf = (name, more) => ({ image_processor_type: `${name}ImageProcessor`, ...more });

test('every key of every image processor is classified, and none that they do not know', () => {
  assert.deepEqual(Object.keys(known.keys).sort(), [...names].sort());
  for (const name of names) assert.deepEqual(Object.keys(usesOf(name)).sort(), known.keys[name], name);
});

test('a silent file gets what the class has, as if the file said it', () => {
  for (const name of names) {
    const said = known.defaults[name];
    assert.equal(said.do_resize, true);
    assert.deepEqual(readPreparation(configOf(name)), readPreparation(configOf(name, said)), name);
  }
});

test('null turns off what the class turns on', () => {
  const { crop } = readPreparation(configOf('CLIP', { do_center_crop: null }));
  assert.equal(crop, null);
  const { resize, scale, deviation } = readPreparation(
    configOf('ViT', { do_resize: null, do_rescale: null, do_normalize: null }),
  );
  assert.deepEqual({ resize, scale, deviation }, { resize: null, scale: 1, deviation: [1, 1, 1] });
});

test('keys that are read are read, and no others', () => {
  for (const name of names) {
    const asked = new Set();
    /** @param {Record<string, unknown>} config */
    const watched = (config) =>
      new Proxy(config, {
        get(target, key) {
          asked.add(key);
          return Reflect.get(target, key);
        },
      });
    const cropped = { do_resize: false, do_center_crop: true, crop_size: 8 };
    for (const more of [{ size: { shortest_edge: 8 } }, cropped])
      readPreparation(watched(configOf(name, more)));
    readPreparation(watched({}), { model_type: MODEL_TYPES[name].split(' ')[0] });
    for (const key of ['pretrained_cfg', 'architecture']) asked.delete(key); // timm's, not theirs
    const uses = Object.entries(usesOf(name)).filter(([, use]) => use !== 'harmless');
    const expected = uses.map(([key]) => key);
    assert.deepEqual([...asked].sort(), expected.sort(), name);
  }
});

test('keys that are harmless change nothing, whatever they hold', () => {
  for (const name of names) {
    const want = readPreparation(configOf(name));
    const harmless = Object.keys(usesOf(name)).filter((key) => usesOf(name)[key] === 'harmless');
    assert.ok(harmless.length >= 8);
    for (const value of [true, 7, 'channels_last', { height: 3, width: 4 }])
      assert.deepEqual(
        readPreparation(configOf(name, Object.fromEntries(harmless.map((key) => [key, value])))),
        want,
      );
    assert.deepEqual(readPreparation(configOf(name, { of_no_class: true })), want);
  }
});

test('keys that must change nothing are refused with other values', async () => {
  let count = 0;
  for (const name of names) {
    const want = readPreparation(configOf(name));
    for (const [key, use] of Object.entries(usesOf(name))) {
      if (typeof use === 'string') continue;
      count++;
      for (const value of [...use, null])
        assert.deepEqual(readPreparation(configOf(name, { [key]: value })), want);
      for (const value of [true, 'yes', 3])
        await rejects(
          () => readPreparation(configOf(name, { [key]: value })),
          'UnsupportedError',
          new RegExp(`config: ${key} is ${JSON.stringify(value)}, which is not supported; expected false`),
        );
    }
  }
  assert.ok(count >= 6, `${count} keys`);
});

test('a model type gets the image processor that transformers gives it', () => {
  const here = names.flatMap((name) => MODEL_TYPES[name].split(' ').map((type) => [type, name]));
  assert.deepEqual(Object.fromEntries(here.sort()), known.models);
  for (const [type, name] of here)
    assert.deepEqual(
      readPreparation({}, { model_type: type }),
      readPreparation(configOf(/** @type {Name} */ (name))),
    );
});

test('of a type, what the file says comes first, then the config, then the model type', async () => {
  const vit = readPreparation(configOf('ViT'));
  const model = { model_type: 'clip', image_processor_type: 'DeiTImageProcessor' };
  assert.deepEqual(readPreparation(configOf('ViT'), model), vit);
  assert.deepEqual(readPreparation({ feature_extractor_type: 'ViTFeatureExtractor' }, model), vit);
  assert.deepEqual(readPreparation({ image_processor_type: null }, model), readPreparation(configOf('DeiT')));
  await rejects(
    () => readPreparation({}, { model_type: 'bert' }),
    'ConfigError',
    /image_processor_type is undefined, and the model_type "bert" has no image processor/,
  );
});

test('a square of the default size is made where CLIP is asked for one', () => {
  const { resize } = readPreparation(configOf('CLIP', { use_square_size: true, size: { shortest_edge: 8 } }));
  assert.deepEqual(resize, { exact: { height: 224, width: 224 } });
});
