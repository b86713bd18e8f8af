/** How much a workload multiplies: 2·M·N·K of every product, by the sizes of its model. */

/** @typedef {{ width: number, feedForward: number, layers: number }} Size */

export const MINILM = { width: 384, feedForward: 1536, layers: 6 };
export const BASE = { width: 768, feedForward: 3072, layers: 12 };
export const SMALL = { width: 384, feedForward: 1536, layers: 12 };
export const MODERN = { width: 768, feedForward: 1152, layers: 22 };

/** Disentangled attention: products of queries and keys with 2 x 256 rows of positions, of which those within reach count. @param {Size} size @param {number} tokens */
export function debertaFlop(size, tokens) {
  const reach = Math.min(2 * tokens - 1, 512);
  return stackFlop(size, tokens, tokens) + size.layers * 2 * tokens * 2 * reach * size.width;
}

/** Gated feed-forward networks; every third layer sees all, the others 128 keys and one. @param {Size} size @param {number} tokens */
export function modernFlop({ width, feedForward, layers }, tokens) {
  const linear = 4 * width * width + 3 * width * feedForward;
  const everywhere = Math.ceil(layers / 3);
  const near = Math.min(tokens, 129);
  return tokens * 2 * (layers * linear + 2 * width * (everywhere * tokens + (layers - everywhere) * near));
}

/**
 * Products of a stack of layers over `tokens` rows, each attending to `keys` of them.
 * @param {Size} size
 * @param {number} tokens
 * @param {number} keys
 */
export function stackFlop({ width, feedForward, layers }, tokens, keys) {
  const linear = 4 * width * width + 2 * width * feedForward;
  return layers * tokens * 2 * (linear + 2 * keys * width);
}

/** @param {Size} size of a model of 224² in patches of 16² */
export function vitGflop(size) {
  const patches = 14 * 14;
  const ends = 2 * size.width * (patches * 3 * 16 * 16 + 1000);
  return (stackFlop(size, patches + 1, patches + 1) + ends) / 1e9;
}

/** Patches of so many values behind a class token. @param {Size} size @param {number} values @param {number} patches */
export function patchGflop(size, values, patches) {
  return (stackFlop(size, patches + 1, patches + 1) + 2 * patches * values * size.width) / 1e9;
}

/** Each of 77 tokens attends to those up to itself: 39 on average. */
export function clipTextGflop() {
  return stackFlop({ width: 512, feedForward: 2048, layers: 12 }, 77, 39) / 1e9;
}

/** Two convolutions of three frames, the second of every other one, and four layers over 1,500 rows. */
export function whisperGflop() {
  const convolutions = 2 * 384 * (3000 * 3 * 80 + 1500 * 3 * 384);
  return (convolutions + stackFlop({ ...MINILM, layers: 4 }, 1500, 1500)) / 1e9;
}

/** Swin-T on 224 x 224: windows of 7 x 7 on maps of 56, 28, 14 and 7. */
export function swinGflop() {
  let flop = 2 * 56 * 56 * (3 * 4 * 4) * 96 + 2 * 768 * 1000;
  for (const [stage, layers] of [2, 2, 6, 2].entries()) {
    const width = 96 << stage;
    const tokens = (56 >> stage) ** 2;
    flop += stackFlop({ width, feedForward: 4 * width, layers }, tokens, 49);
    if (stage < 3) flop += 2 * (tokens / 4) * (4 * width) * (2 * width);
  }
  return flop / 1e9;
}
