/** The tokenizer of a model's folder: which of its files tell of it, and in which order they are asked for. */
import { check } from '../check.js';
import { InputError, UnsupportedError } from '../errors.js';
import { parseConfig } from '../formats/config.js';
import { createTokenizer } from '../text/create_tokenizer.js';
import { absence, findJson, findText, MOST_CONFIG } from './files.js';
import { Progress } from './progress.js';
import { READING, readingOf, refuseAborted } from './reading.js';
import { wantedByTokenizer } from './wanted.js';

/** @import { Tokenizer } from '../text/tokenizer.js' */
/** @import { Config } from '../formats/config.js' */
/** @import { Source } from './files.js' */

/** What SentencePiece models are called. */
const MODELS = [
  'spiece.model',
  'sentencepiece.bpe.model',
  'spm.model',
  'sentencepiece.model',
  'tokenizer.model',
];

/**
 * @param {Source} files
 * @param {Config | null} config config.json
 * @param {boolean} [lowerCase] as sentence_bert_config.json says
 * @returns {Promise<Tokenizer | null>} null if no file tells of one
 * @throws {UnsupportedError} a SentencePiece model is all there is
 */
export async function findTokenizer(files, config, lowerCase) {
  const tokenizer = await findJson(files, 'tokenizer.json', ['model', 'vocab']);
  const vocab = tokenizer ? null : await findText(files, 'vocab.txt');
  const vocabJson = tokenizer || vocab !== null ? null : await findJson(files, 'vocab.json');
  if (!tokenizer && vocab === null && !vocabJson) {
    await refuseModels(files);
    return null;
  }
  const tokenizerConfig = await findJson(files, 'tokenizer_config.json');
  // Files of newer versions say it all in tokenizer_config.json.
  const isNew = Boolean(tokenizerConfig?.added_tokens_decoder);
  if (!isNew) files.ahead?.(['special_tokens_map.json', 'added_tokens.json']);
  return createTokenizer({
    ...{ tokenizer, tokenizerConfig, vocab, vocabJson, config, lowerCase },
    merges: vocabJson ? await findText(files, 'merges.txt') : null,
    specialTokensMap: isNew ? null : await findJson(files, 'special_tokens_map.json'),
    addedTokens: isNew ? null : await findJson(files, 'added_tokens.json'),
  });
}

/** @param {Source} files */
async function refuseModels(files) {
  for (const path of MODELS) {
    const file = await files.find(path);
    file?.cancel?.();
    if (!file) continue;
    throw new UnsupportedError(
      `${files.name} has its tokenizer in ${path} only; convert it once in Python: AutoTokenizer.from_pretrained(folder, use_fast=True).save_pretrained(folder)`,
      { path },
    );
  }
}

/**
 * What `loadTokenizer` does.
 * @param {any} source as `loadTokenizer` in web/index.js takes it
 * @param {import('./public.js').ReadingOptions | undefined} options
 * @param {Pick<import('./assemble.js').Environment, 'openSource'>} environment
 * @returns {Promise<Tokenizer>}
 */
export async function assembleTokenizer(source, options = {}, { openSource }) {
  const reading = check('loadTokenizer', options, READING);
  refuseAborted(reading.signal);
  const opened = await openSource(source, { ...readingOf(reading), wanted: wantedByTokenizer });
  const files = await new Progress(reading.progress).watch(opened);
  const config = await findText(files, 'config.json', MOST_CONFIG);
  const tokenizer = await findTokenizer(files, config === null ? null : parseConfig(config, 'config.json'));
  if (tokenizer) return tokenizer;
  throw new InputError(
    `${absence(files, 'tokenizer.json')}, nor a vocab.txt or vocab.json; expected a model's folder`,
    {
      path: 'tokenizer.json',
    },
  );
}
