/**
 * Attention as pooling: a row of its own, the probe, asks all rows of a sequence; a network follows. References:
 * transformers' SiglipMultiheadAttentionPoolingHead, timm's AttentionPoolLatent.
 */
import { NORM_PLACES, POOL } from '../core/abi.js';
import { pair, single } from './placements.js';

/** @typedef {import('../core/layouts.js').Kind} Kind */
/** @typedef {import('./placements.js').Placement} Placement */

/** The kind of the layer that pools, from that of the layers before it. @param {Kind} kind @returns {Kind} */
export const poolKind = (kind) => ({
  ...kind,
  norms: NORM_PLACES.BEFORE_FEED_FORWARD,
  head_norm: 0,
  layer_scale: 0,
});

/**
 * What the pooling gives, as an output.
 * @param {import('./blueprint.js').ModelDescription} description
 * @param {{ probe: string, out: string, norm: string, up: string, down: string }} names of the probe, and of modules
 * @param {(layer: number) => Placement[]} project where queries, keys and values are
 * @returns {Pick<import('./blueprint.js').Blueprint, 'outputs' | 'placements' | 'tasks'>}
 */
export function attentionPool({ layers: index }, { probe, out, norm, up, down }, project) {
  return {
    placements: [
      single(probe, 'PROBE'),
      ...project(index),
      ...pair(out, 'OUT', { index }),
      ...pair(norm, 'BEFORE_FEED_FORWARD', { index }),
      ...pair(up, 'UP', { index }),
      ...pair(down, 'DOWN', { index }),
    ],
    outputs: [{ name: 'pooler_output', poolings: [POOL.ATTENTION], heads: [] }],
    tasks: [],
  };
}
