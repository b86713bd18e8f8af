/** *Turning on a grid*: half of the pairs turn with a patch's row, half with its column. */
import { createTurns } from './grid-turns.js';
import { STARTS } from './starts.js';

export const OPTIONS = STARTS.rope2d;
export const NUMBERS = {
  rows: 'patch',
  columns: 'channel',
  about:
    'The cosines of all patches down: some channels change from row to row of the picture, the others repeat along each row.',
};

/** @type {[string, string][]} */
const PRESETS = [
  ['', 'plain'],
  ['timm', 'timm'],
  ['eva02', 'EVA-02'],
  ['rope-vit', 'RoPE-ViT'],
  ['dinov3', 'DINOv3'],
  ['pixtral', 'Pixtral'],
  ['qwen2-vl', 'Qwen2-VL'],
  ['llama4', 'Llama 4'],
];

/** @type {import('./index.js').Module['create']} */
export const create = (given) => createTurns(given, { name: 'rope2d', presets: PRESETS });
