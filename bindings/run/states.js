/**
 * The states that rows pass through in a forward: what enters layer 0, and what leaves every layer, or every stage of a
 * windowed model, where the number of tokens and the width change.
 */

/**
 * @typedef {object} State
 * @property {number} after layers that have run
 * @property {number | null} tokens of each image; null where the inputs say it
 * @property {number} width
 * @property {{ windows: number, heads: number, tokens: number } | null} maps of the layer before it, if it has windows:
 *   windows of an image, heads, tokens of a window
 */

/**
 * @param {Pick<import('../core/abi.js').Description, 'layers' | 'width' | 'prefix' | 'stages' | 'depth' | 'stage_heads' | 'window'>} d
 * @param {[height: number, width: number]} [grid] patches of an image
 * @returns {State[]}
 */
export function statesOf(d, grid) {
  if (!d.stages || !grid) {
    const tokens = grid ? d.prefix + grid[0] * grid[1] : null;
    return Array.from({ length: d.layers + 1 }, (_, after) => ({
      after,
      tokens,
      width: d.width,
      maps: null,
    }));
  }
  let [height, width] = grid;
  /** @type {State[]} */
  const states = [{ after: 0, tokens: height * width, width: d.width, maps: null }];
  for (let stage = 0; stage < d.stages; stage++) {
    const windows = Math.ceil(height / d.window) * Math.ceil(width / d.window);
    const merges = stage < d.stages - 1;
    if (merges) [height, width] = [Math.ceil(height / 2), Math.ceil(width / 2)];
    states.push({
      after: states[stage].after + d.depth[stage],
      tokens: height * width,
      width: d.width * 2 ** (merges ? stage + 1 : stage),
      maps: { windows, heads: d.stage_heads[stage], tokens: d.window ** 2 },
    });
  }
  return states;
}
