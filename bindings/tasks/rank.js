/** Documents in the order in which they fit a query. Source: sentence-transformers' CrossEncoder.rank. */
import { check } from '../check.js';
import { InputError, show, UnsupportedError } from '../errors.js';
import { choice, flag, integer, signal } from '../options/table.js';
import { breather } from '../run/pace.js';
import { fromEncodings } from '../run/sequences.js';
import { encodeText } from '../text/tokenize.js';
import { noTokenizer } from './asked.js';
import { vectorsOf } from './pieces.js';
import { functionsToApply, textsOf } from './rows.js';

/**
 * @import { Ranked, RankOptions } from '../public.js'
 * @import { Parts } from './parts.js'
 */

const OPTIONS = {
  topK: integer('how many documents to return, the best first', { min: 1, optional: 'all' }),
  returnDocuments: flag('their texts, too', { default: false }),
  activation: choice(['sigmoid', 'softmax', 'none'], 'what makes a score of the logit', {
    optional: "as the model's config says, a sigmoid where it says nothing",
  }),
  onTruncate: choice(['cut', 'error'], 'what happens to pairs that are too long', { default: 'cut' }),
  signal: signal('stops the call', { optional: true }),
};

/** Pairs that are prepared at a time. */
const AT_A_TIME = 512;

/**
 * @param {Parts} parts
 * @param {unknown} query
 * @param {unknown} documents
 * @param {RankOptions} options
 * @param {number} limit tokens of a pair
 * @returns {Promise<Ranked[]>}
 */
export async function rankDocuments(parts, query, documents, options, limit) {
  const { topK, returnDocuments, activation, onTruncate, signal: stop } = check('rank', options, OPTIONS);
  if (typeof query !== 'string')
    throw new InputError(`query is ${show(query)}; expected a text`, { path: 'query', value: query });
  if (!Array.isArray(documents))
    throw new InputError(
      `documents is ${show(documents)}; expected an array of texts: rank(query, documents)`,
      {
        path: 'documents',
        value: documents,
      },
    );
  const texts = textsOf(documents, 'documents');
  const { model, tokenizer, config } = parts;
  const output = model.blueprint.outputs.find(({ name, poolings }) => name === 'logits' && poolings.length);
  const labels = output ? model.outputWidth(output) : 0;
  if (!output || labels !== 1) {
    const found = output ? `it gives ${labels} labels` : `its tasks: ${model.blueprint.tasks.join(', ')}`;
    throw new UnsupportedError(`rank needs a cross-encoder, a classifier with one label; ${found}`);
  }
  if (!tokenizer) throw noTokenizer();
  const breathe = breather(stop);
  /** @type {number[]} */
  const scores = [];
  const apply = functionsToApply[activation ?? activationOf(config)];
  for (let first = 0; first < texts.length; first += AT_A_TIME) {
    const encodings = texts
      .slice(first, first + AT_A_TIME)
      .map((pair, i) =>
        encodeText(tokenizer, query, { pair, maxLength: limit, onTruncate, path: `documents[${first + i}]` }),
      );
    const sequences = fromEncodings(encodings, model.blueprint.padding);
    const piece = { first, count: encodings.length, sequences, owners: [...encodings.keys()], truncated: [] };
    const [logits] = await vectorsOf(parts, piece, [output], breathe);
    for (const logit of logits) scores.push(apply([logit])[0]);
  }
  const ranked = scores.map((score, corpus_id) => ({
    ...{ corpus_id, score },
    ...(returnDocuments && { text: texts[corpus_id] }),
  }));
  return ranked.sort((a, b) => b.score - a.score).slice(0, topK ?? ranked.length);
}

/** The function that a cross-encoder's config names, as a class of torch. @param {import('../formats/config.js').Config} config */
function activationOf(config) {
  const { sentence_transformers: own, sbert_ce_default_activation_function: old } = /** @type {any} */ (
    config
  );
  const named = own?.activation_fn ?? old;
  const kind = typeof named === 'string' ? named.split('.').at(-1) : 'Sigmoid';
  if (kind === 'Sigmoid') return 'sigmoid';
  if (kind === 'Identity') return 'none';
  throw new UnsupportedError(
    `config.json: the activation of this cross-encoder is ${show(named)}; expected Sigmoid or Identity, or the option "activation"`,
    { path: 'activation_fn', value: named },
  );
}
