/**
 * Draws the picture of the README: how alike MiniLM finds six sentences, as it came out here. `node demo/readme-picture.js FOLDER`
 * writes it to standard output.
 */
import { load, similarity } from 'wasmformer';

const SENTENCES = [
  'A cat sleeps on the sofa.',
  'The kitten naps on a couch.',
  'Dogs like to chase balls.',
  'The bank raised its rates.',
  'Interest on loans went up.',
  'The team won the final.',
];
const [SIDE, LEFT, TOP] = [56, 250, 20];

/** From white to a dark blue. @param {number} x 0 to 1 */
const colour = (x) =>
  `rgb(${[247, 251, 255].map((light, i) => Math.round(light + ([8, 64, 129][i] - light) * x))})`;

/** @param {number} x @param {number} y @param {string} text @param {string} more attributes */
const label = (x, y, text, more) => `<text x="${x}" y="${y}" ${more}>${text}</text>`;

const encoder = await load(process.argv[2], { simd: 'base' });
const cosines = similarity(await encoder.embed(SENTENCES)).tolist();
encoder.dispose();

const size = SENTENCES.length * SIDE;
const lines = SENTENCES.flatMap((sentence, i) => {
  const y = TOP + i * SIDE;
  const cells = SENTENCES.flatMap((_, j) => {
    const value = /** @type {number[][]} */ (cosines)[i][j];
    const x = LEFT + j * SIDE;
    const ink = value > 0.5 ? '#fff' : '#123';
    return [
      `<rect x="${x}" y="${y}" width="${SIDE - 2}" height="${SIDE - 2}" rx="4" fill="${colour(Math.max(0, value))}"/>`,
      label(x + SIDE / 2 - 1, y + SIDE / 2 + 4, value.toFixed(2), `text-anchor="middle" fill="${ink}"`),
    ];
  });
  return [label(LEFT - 12, y + SIDE / 2 + 4, sentence, 'text-anchor="end" fill="#123"'), ...cells];
});
const [width, height] = [LEFT + size + TOP, size + 2 * TOP];
process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="15">
<title>Cosine similarity of six sentences by all-MiniLM-L6-v2</title>
<rect width="${width}" height="${height}" rx="10" fill="#fff"/>
${lines.join('\n')}
</svg>
`);
