/** Attention opened: a head, or one multiplication of it, by the address; what that leaves open is where the sentences differ most. */
import { asks } from './asks.js';
import { bestNumber, headOf, tokenOf } from './head.js';
import { mostDifferentHead } from './heads.js';
import { product } from './product.js';

/** @param {import('./view.js').View} view @param {number} layer @returns {Promise<{ path: string[], opening: import('./view.js').Opening }>} */
export async function attention(view, layer) {
  const { state, pair } = view;
  const [key, head, word, number] = state.path;
  const heads = pair.told.a.trace.layers[layer].query.shape[0];
  const asked = Number(/^head-(\d+)$/.exec(head ?? '')?.[1] ?? 0);
  const chosen = asked >= 1 && asked <= heads ? asked - 1 : mostDifferentHead(view, layer);
  const path = [key, `head-${chosen + 1}`];
  const place = word === undefined ? -1 : tokenOf(pair.told.a.words, word);
  if (place < 0) return { path, opening: asks(view, layer, chosen) };
  const { a, b } = headOf(view, layer, chosen);
  const n = Number(number);
  const which = n >= 1 && n <= a.query.length ? Math.floor(n) - 1 : bestNumber(a, b, place);
  return {
    path: [...path, word, String(which + 1)],
    opening: await product(view, layer, chosen, place, which),
  };
}
