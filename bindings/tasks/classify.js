/**
 * Logits become labels with scores, as transformers' text- and image-classification pipelines do: softmax over classes,
 * sigmoid where there is one class or several may hold at once.
 */
import { InputError } from '../errors.js';

/**
 * @param {import('../tensor.js').Tensor} logits [n, labels]
 * @param {import('../formats/config.js').Config} config id2label, problem_type
 * @param {number} [topK]
 * @returns {{ label: string, score: number }[][]} best first
 */
export function classifyLogits({ data, shape: [n, labels] }, config, topK = labels) {
  if (!Number.isInteger(topK) || topK < 1) {
    throw new InputError(`topK is ${topK}; expected a positive integer`, { path: 'topK', value: topK });
  }
  const names = /** @type {Record<string, string>} */ (config.id2label ?? {});
  const independent = labels === 1 || config.problem_type === 'multi_label_classification';
  return Array.from({ length: n }, (_, row) => {
    const values = Array.from(data.subarray(row * labels, (row + 1) * labels), Number);
    const scores = independent ? values.map(sigmoid) : softmax(values);
    return scores
      .map((score, i) => ({ label: names[i] ?? `LABEL_${i}`, score }))
      .sort((a, b) => b.score - a.score)
      .slice(0, topK);
  });
}

/** @param {number} x */
const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** @param {number[]} values */
function softmax(values) {
  const top = Math.max(...values);
  const exponentials = values.map((value) => Math.exp(value - top));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((value) => value / sum);
}
