/** A family's model and the tensors of its files: what the one makes of a config, and where each of the others goes. */
import { bindTowers, withoutScales } from '../architectures/bind.js';

/**
 * @param {import('../architectures/index.js').Family} family
 * @param {import('../formats/config.js').Config} config
 * @param {import('../formats/tensors.js').Weights[]} weights
 */
export function matched(family, config, weights) {
  const [{ path }] = weights;
  const tensors = new Map(weights.flatMap((file) => [...file.tensors]));
  const blueprint = family.blueprint(config, withoutScales(tensors), path);
  const towers = blueprint.vision ? [blueprint, blueprint.vision] : [blueprint];
  return { tensors, blueprint, towers, bound: bindTowers(towers, tensors, path) };
}
