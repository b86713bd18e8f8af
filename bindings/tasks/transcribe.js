/**
 * Speech to text by models with a letter for each frame (CTC): the best letter of each, equal neighbours joined, blanks dropped.
 * Source: transformers' AutomaticSpeechRecognitionPipeline.
 */
import { check } from '../check.js';
import { UnsupportedError } from '../errors.js';
import { signal } from '../options/table.js';
import { breather } from '../run/pace.js';
import { runBlocks } from '../run/sequences.js';
import { askedOf } from './asked.js';
import { piecesOf } from './pieces.js';
import { largest } from './rows.js';

/** @import { Transcript, TranscribeOptions } from '../audio/public.js' */

const OPTIONS = { signal: signal('stops the call', { optional: true }) };

/**
 * @param {import('./parts.js').Parts} parts
 * @param {any} input
 * @param {TranscribeOptions} options
 * @returns {Promise<Transcript[]>}
 */
export async function transcribeRecordings(parts, input, options) {
  const { model, config, letters } = parts;
  const { tasks, outputs } = model.blueprint;
  const breathe = breather(check('transcribe', options, OPTIONS).signal);
  const logits = outputs.find(({ name, poolings }) => name === 'logits' && poolings.length === 0);
  if (!tasks.includes('automatic-speech-recognition') || !logits) {
    throw new UnsupportedError(
      `this ${config.model_type ?? 'model'} has no head that gives letters; its tasks: ${tasks.join(', ')}`,
    );
  }
  if (!letters) {
    throw new UnsupportedError(
      'this model came without a vocab.json or tokenizer.json, which says what letters its logits are; forward gives the logits',
    );
  }
  const tokenizer = letters();
  const width = model.outputWidth(logits);
  /** @type {Transcript[]} */
  const results = [];
  for await (const piece of piecesOf(parts, askedOf(parts, input), { limit: Infinity }, breathe)) {
    for (let i = 0; i < piece.count; i++) results[piece.first + i] = { text: '' };
    for await (const { first, block } of runBlocks(model, piece.sequences, breathe)) {
      const rows = block.lengths.reduce((sum, length) => sum + length, 0);
      const values = new Float32Array(rows * width);
      model.output(values, logits);
      let row = 0;
      for (const [i, length] of block.lengths.entries()) {
        const ids = Array.from({ length }, () => largest(values.subarray(row * width, ++row * width)));
        results[piece.first + piece.owners[first + i]] = {
          text: tokenizer.decode(ids, { skipSpecialTokens: false }),
        };
      }
    }
  }
  return results;
}
