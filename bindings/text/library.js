/**
 * @huggingface/tokenizers, set up from a tokenizer.json so that it gives the ids of the Rust tokenizers that
 * models were trained with. Special tokens around a text are not its business here: template.js.
 */
import { Tokenizer as Library } from '@huggingface/tokenizers';
import { FormatError, UnsupportedError } from '../errors.js';
import { bertNormalizer, bertSplitter, lower } from './bert.js';
import { checkTokenizer, components, modelType } from './components.js';

/**
 * Sets the library up.
 * @param {Record<string, any>} tokenizer A parsed tokenizer.json.
 * @param {string} path The file's name, for messages.
 * @param {{eosToken: string | null, cleanUp: boolean, lowerCase: boolean}} options eosToken: the token at the
 *   end of texts, which Unigram asks for; cleanUp: whether decoding removes spaces before punctuation;
 *   lowerCase: whether texts are lowered before all else.
 * @returns {{library: Library, prepare: (text: string) => string}} What to do with a text before it gets it.
 * @throws {FormatError} If the file is malformed.
 * @throws {UnsupportedError} If it has a part that is not known.
 */
export function makeLibrary(tokenizer, path, { eosToken, cleanUp, lowerCase }) {
  /** @type {Record<string, any>} */
  const json = { normalizer: null, pre_tokenizer: null, decoder: null, added_tokens: [], ...tokenizer };
  checkTokenizer(json, path);
  const { normalizer, pre_tokenizer: splitter } = json;
  if (lowerCase) json.normalizer = { type: 'Sequence', normalizers: [{ type: 'Lowercase' }, normalizer] };
  const lowers = components(json.normalizer, path).some(({ type }) => type === 'Lowercase');
  let library;
  try {
    // Of tokenizer_config.json only this much: the Rust tokenizers do not see the rest.
    const settings = { eos_token: eosToken, clean_up_tokenization_spaces: cleanUp };
    const model = { ...json.model, type: modelType(json.model) };
    library = new Library({ ...json, model, post_processor: null }, settings);
  } catch (cause) {
    const Failure = /^Error: Unknown \w+ type/.test(String(cause)) ? UnsupportedError : FormatError;
    throw new Failure(`${path} makes no tokenizer: ${cause}`, { path, cause });
  }
  if (normalizer?.type === 'BertNormalizer') {
    const normalize = bertNormalizer(normalizer);
    library.normalizer = asPart((text) => normalize(lowerCase ? lower(text) : text));
  }
  if (splitter?.type === 'BertPreTokenizer') library.pre_tokenizer = asPart(bertSplitter());
  const prepare = (/** @type {string} */ text) => {
    const sound = text.replace(/\p{Surrogate}/gu, '\ufffd'); // a lone surrogate is what no UTF-8 can hold
    return lowers ? sound.replaceAll('Σ', 'σ') : sound; // as in lower(); the library's Lowercase does not
  };
  return { library, prepare };
}

/**
 * The library calls its parts, so a function will do for one.
 * @param {(text: string) => unknown} part
 * @returns {any}
 */
function asPart(part) {
  return part;
}
