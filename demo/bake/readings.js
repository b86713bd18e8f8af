/** What Sentences shows of MiniLM's reading: the pieces of all its texts, and every head's attention for its questions, in 255ths. */

import { lookBefore } from '../rooms/sentences/looks.js';
import { pieceOf } from '../rooms/sentences/pieces-of.js';
import { QUESTIONS, SENTENCES } from '../rooms/sentences/texts.js';
import { base64, minilm } from './minilm.js';

export default async function bake() {
  const { encoder, tokenizer } = await minilm();
  const pieces = [...SENTENCES, ...QUESTIONS].map((text) => pieceOf(tokenizer.encode(text)));
  const { num_hidden_layers: layers, num_attention_heads: heads } = encoder.config;
  /** @type {number[]} */
  const maps = [];
  const shares = new Float64Array(layers * heads);
  for (const question of QUESTIONS) {
    const { attentions } = await encoder.forward(encoder.tokenize(question), { attentions: true });
    const tokens = attentions[0].shape[3];
    attentions.forEach(({ data }, layer) => {
      for (let head = 0; head < heads; head++) {
        const map = data.subarray(head * tokens ** 2, (head + 1) * tokens ** 2);
        shares[layer * heads + head] += lookBefore(map, tokens) / QUESTIONS.length;
        maps.push(...Uint8Array.from(map, (share) => Math.round(255 * share)));
      }
    });
  }
  const best = shares.indexOf(Math.max(...shares));
  return {
    layers,
    heads,
    maxLength: encoder.maxLength,
    pieces,
    maps: base64(Uint8Array.from(maps)), // of each question [layers, heads, T, T]
    before: { layer: Math.floor(best / heads), head: best % heads, share: Number(shares[best].toFixed(3)) },
  };
}
