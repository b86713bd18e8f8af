// The shapes that tensors must have, which JavaScript knows before the core takes memory, are those of the placed structs.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { slotShape } from '../../bindings/architectures/placements.js';
import { SLOT } from '../../bindings/core/abi.js';
import { InputError, UnsupportedError } from '../../bindings/errors.js';
import { place, start } from './place.js';

const MODELS = new URL('../goldens/data/models/', import.meta.url);

/** The core's shape of a slot, null if the model has none. */
function shapeInCore(
  /** @type {import('../../bindings/core/instance.js').Instance} */ instance,
  /** @type {number} */ encoder,
  /** @type {number} */ slot,
  /** @type {number} */ index,
) {
  const shape = new Uint32Array(2);
  try {
    instance.invoke('wf_encoder_slot_shape', [{ out: shape }, encoder, slot, index]);
  } catch (error) {
    assert.ok(error instanceof InputError);
    return null;
  }
  return [...shape];
}

/** @type {{ cases: { name: string }[] }} */
const { cases } = JSON.parse(readFileSync(new URL('index.json', MODELS), 'utf8'));
let compared = 0;

for (const { name } of cases.filter((one) => existsSync(new URL(`${one.name}/model.safetensors`, MODELS)))) {
  test(`${name}: every slot of the core has the shape that bindings expect`, async (context) => {
    const instance = await start();
    const model = await place(instance, name).catch((error) => {
      if (error instanceof UnsupportedError) return context.skip(error.message);
      throw error;
    });
    if (!model) return;
    let slots = 0;
    for (const [slot, number] of Object.entries(SLOT)) {
      for (let index = 0; index < model.description.layers; index++) {
        const inCore = shapeInCore(instance, model.address, number, index);
        if (!inCore) continue;
        const expected = slotShape(model.description, /** @type {keyof typeof SLOT} */ (slot), index);
        assert.deepEqual(inCore, expected.length === 1 ? [1, ...expected] : expected, `${slot} ${index}`);
        slots++;
      }
    }
    assert.ok(slots >= 4, `${slots} slots`);
    compared += slots;
  });
}

test('the models of several families were compared', () => assert.ok(compared > 500, `${compared} slots`));
