/**
 * Sentences compared by a model that the visitor gives: each line becomes a vector, the table shows the cosines of their
 * angles. Computes again whenever the text or the model changes.
 */
import { similarity } from 'wasmformer';
import { find } from '../parts/dom.js';
import { createPicker } from '../parts/picker.js';
import { similarityTable } from '../parts/similarity-table.js';
import { readState, writeState } from '../parts/state.js';

/** @typedef {import('wasmformer').Encoder} Encoder */

/** Lines that are compared; a larger table is no longer read. */
const MOST = 24;
/** Milliseconds without a key before the sentences are compared. */
const PAUSE = 200;

/**
 * @param {HTMLElement} root the section's element in index.html
 * @param {import('../demo.js').Page} page
 */
export function mount(root, page) {
  const text = find(root, 'text', HTMLTextAreaElement);
  const show = viewOf(root);
  /** @type {Encoder | null} */
  let encoder = null;
  let round = 0;

  async function compare() {
    const mine = ++round;
    const lines = linesOf(text.value);
    const sentences = lines.slice(0, MOST);
    if (!encoder || sentences.length < 2) {
      show.nothing(
        encoder ? 'Type two sentences or more, one a line.' : 'Load a model to compare the sentences.',
      );
      return;
    }
    try {
      const result = await measure(encoder, sentences);
      if (mine === round) show.result(sentences, result, { left: lines.length - sentences.length, encoder });
    } catch (error) {
      if (mine === round) show.failure(/** @type {Error} */ (error).message);
    }
  }

  let timer = 0;
  text.addEventListener('input', () => {
    writeState('sentences', text.value === text.defaultValue ? null : text.value);
    clearTimeout(timer);
    timer = window.setTimeout(compare, PAUSE);
  });
  const restore = () => {
    text.value = readState('sentences') ?? text.defaultValue;
    compare();
  };
  window.addEventListener('hashchange', restore);
  restore();

  createPicker(find(root, 'picker', HTMLElement), (loaded) => {
    encoder = loaded.encoder;
    const size = sizeOfCore(encoder.build);
    page.showBadges([
      `${encoder.build} build`,
      ...(size ? [`${Math.round(size / 1000)} KB of WebAssembly`] : []),
      `model ready in ${Math.round(loaded.milliseconds)} ms`,
    ]);
    compare();
  });
}

/** @param {string} text */
const linesOf = (text) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

/**
 * @typedef {object} Result
 * @property {ArrayLike<number>} similarities n·n
 * @property {number} tokens special ones included
 * @property {number} milliseconds from text to vectors
 * @property {number[]} truncated indices of sentences that were cut
 */

/** @param {Encoder} encoder @param {string[]} sentences @returns {Promise<Result>} */
async function measure(encoder, sentences) {
  const start = performance.now();
  const vectors = await encoder.embed(sentences);
  const milliseconds = performance.now() - start;
  const { attention_mask: mask } = encoder.tokenize(sentences);
  const tokens = Array.from(mask.data, Number).reduce((sum, one) => sum + one, 0);
  const similarities = /** @type {Float32Array} */ (similarity(vectors).data);
  return { similarities, tokens, milliseconds, truncated: vectors.truncated };
}

/** @param {HTMLElement} root */
function viewOf(root) {
  const status = find(root, 'status', HTMLElement);
  const warning = find(root, 'warning', HTMLElement);
  const failure = find(root, 'failure', HTMLElement);
  const matrix = find(root, 'matrix', HTMLElement);
  /** @param {{ status?: string, warning?: string, failure?: string, matrix?: HTMLElement[] }} content */
  const set = (content) => {
    status.textContent = content.status ?? '';
    warning.textContent = content.warning ?? '';
    failure.textContent = content.failure ?? '';
    matrix.replaceChildren(...(content.matrix ?? []));
  };
  return {
    /** @param {string} message */
    nothing: (message) => set({ status: message }),
    /** @param {string} message */
    failure: (message) => set({ failure: `The sentences were not compared: ${message}.` }),
    /**
     * @param {string[]} sentences
     * @param {Result} result
     * @param {{ left: number, encoder: Encoder }} more left: lines that were not compared
     */
    result(sentences, { similarities, tokens, milliseconds, truncated }, { left, encoder }) {
      const [a, b] = mostAlike(similarities, sentences.length);
      const nearest = similarities[a * sentences.length + b].toFixed(2);
      set({
        status: `${sentences.length} sentences, ${tokens} tokens, ${milliseconds.toFixed(1)} ms. Most alike: ${a + 1} and ${b + 1} (${nearest}).`,
        warning: [
          left ? `The first ${sentences.length} lines are compared, ${left} more are not.` : '',
          truncated.length ? cutNote(truncated, encoder.maxLength) : '',
        ]
          .join(' ')
          .trim(),
        matrix: similarityTable(sentences, similarities),
      });
    },
  };
}

/** @param {number[]} truncated @param {number} maxLength */
function cutNote(truncated, maxLength) {
  const which = truncated.map((i) => i + 1).join(', ');
  return `Longer than ${maxLength} tokens, so that only the beginning counts: sentence ${which}.`;
}

/** @param {ArrayLike<number>} similarities @param {number} n @returns {[number, number]} */
function mostAlike(similarities, n) {
  /** @type {[number, number]} */
  let best = [0, 1];
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      if (similarities[i * n + j] > similarities[best[0] * n + best[1]]) best = [i, j];
    }
  }
  return best;
}

// The library's own files alone come near the 250 that browsers list.
performance.setResourceTimingBufferSize(1000);

/** @param {string} build @returns {number | undefined} bytes of its module, from the browser's list of what it fetched */
function sizeOfCore(build) {
  const entries = /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType('resource'));
  return entries.find(({ name }) => name.endsWith(`wasmformer-${build}.wasm`))?.decodedBodySize;
}
