/** Random weights under the hub's names, made in memory; the time of a forward does not depend on their values. */
import { Tensor } from '../../../bindings/tensor.js';

/** Uniform numbers around 0, the same at every run: a linear congruential generator modulo 2^32. */
function generator() {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

class Weights {
  /** @type {Record<string, Tensor>} */
  tensors = {};
  #random = generator();

  /** @param {string} name @param {number[]} shape @param {number} scale @param {number} [around] */
  table(name, shape, scale, around = 0) {
    const data = new Float32Array(shape.reduce((size, count) => size * count, 1));
    for (let i = 0; i < data.length; i++) data[i] = around + scale * this.#random();
    this.tensors[name] = new Tensor('float32', data, shape);
  }

  /** @param {string} name @param {number} inputs @param {number} outputs @param {number[]} [shape] */
  linear(name, inputs, outputs, shape = [outputs, inputs]) {
    this.table(`${name}.weight`, shape, 1 / Math.sqrt(inputs));
    this.table(`${name}.bias`, [outputs], 0.1);
  }

  /** @param {string} name @param {number} width */
  norm(name, width) {
    this.table(`${name}.weight`, [width], 0.1, 1);
    this.table(`${name}.bias`, [width], 0.1);
  }
}

/** @param {Record<string, any>} config of a BERT */
export function bertWeights(config) {
  const weights = new Weights();
  const { hidden_size: width, intermediate_size: inner } = config;
  for (const [table, rows] of [
    ['word', config.vocab_size],
    ['position', config.max_position_embeddings],
    ['token_type', config.type_vocab_size],
  ])
    weights.table(`embeddings.${table}_embeddings.weight`, [rows, width], 0.5);
  weights.norm('embeddings.LayerNorm', width);
  for (let i = 0; i < config.num_hidden_layers; i++) {
    const layer = `encoder.layer.${i}`;
    for (const part of ['query', 'key', 'value'])
      weights.linear(`${layer}.attention.self.${part}`, width, width);
    weights.linear(`${layer}.attention.output.dense`, width, width);
    weights.norm(`${layer}.attention.output.LayerNorm`, width);
    weights.linear(`${layer}.intermediate.dense`, width, inner);
    weights.linear(`${layer}.output.dense`, inner, width);
    weights.norm(`${layer}.output.LayerNorm`, width);
  }
  return weights.tensors;
}

/** @param {Record<string, any>} config of a ViT with a classifier */
export function vitWeights(config) {
  const weights = new Weights();
  const { hidden_size: width, intermediate_size: inner, patch_size: patch, num_channels: channels } = config;
  const count = (config.image_size / patch) ** 2;
  weights.table('vit.embeddings.cls_token', [1, 1, width], 0.5);
  weights.table('vit.embeddings.position_embeddings', [1, 1 + count, width], 0.5);
  weights.linear('vit.embeddings.patch_embeddings.projection', channels * patch * patch, width, [
    width,
    channels,
    patch,
    patch,
  ]);
  for (let i = 0; i < config.num_hidden_layers; i++) {
    const layer = `vit.encoder.layer.${i}`;
    weights.norm(`${layer}.layernorm_before`, width);
    for (const part of ['query', 'key', 'value'])
      weights.linear(`${layer}.attention.attention.${part}`, width, width);
    weights.linear(`${layer}.attention.output.dense`, width, width);
    weights.norm(`${layer}.layernorm_after`, width);
    weights.linear(`${layer}.intermediate.dense`, width, inner);
    weights.linear(`${layer}.output.dense`, inner, width);
  }
  weights.norm('vit.layernorm', width);
  weights.linear('classifier', width, Object.keys(config.id2label).length);
  return weights.tensors;
}
