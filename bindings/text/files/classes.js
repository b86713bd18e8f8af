/**
 * What transformers' classes of tokenizers make of a tokenizer.json: some rebuild a part of it from tokenizer_config.json,
 * whatever the file says. And what they call special tokens.
 */
import { show, UnsupportedError } from '../../errors.js';
import { isObject } from '../../formats/json.js';
import { flagOf } from './settings.js';

/** @import { Role } from './special_tokens.js' */
/** @import { Json } from './settings.js' */
/** @typedef {'bert' | 'mpnet' | 'esm' | 'roberta' | 'clip' | 'deberta' | 'wav2vec2'} Kind of a vocabulary without tokenizer.json */

const BERT = [
  ...[
    'Bert',
    'DistilBert',
    'Electra',
    'MobileBert',
    'ConvBert',
    'SqueezeBert',
    'LayoutLM',
    'Lxmert',
    'Funnel',
  ],
  ...['Splinter', 'RetriBert', 'Realm', 'DPRContextEncoder', 'DPRQuestionEncoder', 'DPRReader'],
];
const ROBERTA = ['Roberta', 'Longformer', 'Bart', 'LED', 'Blenderbot', 'Mvp'];
/** Those that split words by rules that no file tells. */
const PYTHON = ['BertJapanese', 'RoFormer', 'Bertweet', 'Phobert', 'Jumanpp'];

/** @type {Readonly<Record<string, Kind>>} */
const KINDS = Object.freeze({
  ...Object.fromEntries(BERT.map((name) => [name, /** @type {Kind} */ ('bert')])),
  ...Object.fromEntries(ROBERTA.map((name) => [name, /** @type {Kind} */ ('roberta')])),
  MPNet: 'mpnet',
  Esm: 'esm',
  CLIP: 'clip',
  Deberta: 'deberta',
  Wav2Vec2CTC: 'wav2vec2',
});
/** The class that transformers takes for a type of model where none is named. @type {Readonly<Record<Kind, readonly string[]>>} */
const MODELS = Object.freeze({
  bert: [
    ...[
      'bert',
      'distilbert',
      'electra',
      'mobilebert',
      'convbert',
      'squeezebert',
      'layoutlm',
      'lxmert',
      'funnel',
    ],
    ...['splinter', 'ernie', 'nezha', 'megatron-bert', 'visual_bert', 'dpr', 'retribert', 'realm'],
  ],
  mpnet: ['mpnet'],
  esm: ['esm'],
  roberta: ['roberta', 'roberta-prelayernorm', 'longformer', 'bart', 'led', 'ibert', 'data2vec-text', 'mvp'],
  deberta: ['deberta'],
  clip: ['clip', 'clip_text_model'],
  wav2vec2: [
    ...['wav2vec2', 'wav2vec2-conformer', 'wav2vec2-bert', 'hubert', 'wavlm', 'unispeech', 'unispeech-sat'],
    ...['sew', 'sew-d', 'data2vec-audio'],
  ],
});

/** @type {Partial<Record<Role, string>>} */
const OF_BERT = { unk: '[UNK]', sep: '[SEP]', pad: '[PAD]', cls: '[CLS]', mask: '[MASK]' };
/** @type {Partial<Record<Role, string>>} */
const OF_ROBERTA = {
  ...{ bos: '<s>', eos: '</s>', sep: '</s>', cls: '<s>', unk: '<unk>', pad: '<pad>', mask: '<mask>' },
};
/** @type {Readonly<Record<Kind, Partial<Record<Role, string>>>>} */
const SPECIALS = {
  bert: OF_BERT,
  deberta: { ...OF_BERT, bos: '[CLS]', eos: '[SEP]' },
  mpnet: { ...OF_ROBERTA, unk: '[UNK]' },
  roberta: OF_ROBERTA,
  clip: { bos: '<|startoftext|>', eos: '<|endoftext|>', unk: '<|endoftext|>', pad: '<|endoftext|>' },
  esm: { unk: '<unk>', cls: '<cls>', pad: '<pad>', mask: '<mask>', eos: '<eos>' },
  wav2vec2: { bos: '<s>', eos: '</s>', unk: '<unk>', pad: '<pad>' },
};

/**
 * @param {Json | null} config tokenizer_config.json
 * @param {Json | null} model config.json
 * @returns {Kind | undefined} the kind of the class that transformers would make, undefined for all others
 * @throws {UnsupportedError} a class that splits words by rules of its own
 */
export function kindOf(config, model) {
  const type = model?.model_type;
  const name = config?.tokenizer_class ?? (type === 'roformer' ? 'RoFormerTokenizer' : null);
  if (typeof name !== 'string') {
    const kinds = /** @type {Kind[]} */ (Object.keys(MODELS));
    return kinds.find((kind) => MODELS[kind].includes(type));
  }
  const stem = name.replace(/Tokenizer(Fast)?$/, '');
  if (!PYTHON.includes(stem)) return Object.hasOwn(KINDS, stem) ? KINDS[stem] : undefined;
  throw new UnsupportedError(
    `the tokenizer is a ${show(name)}, which splits words by rules of its own; expected one of tokenizer.json`,
    { path: 'tokenizer_class', value: name },
  );
}

/** What special tokens are called unless files say otherwise. @param {Kind | undefined} kind */
export const specialsOf = (kind) => (kind ? SPECIALS[kind] : {});

/**
 * The tokenizer.json as a class takes it.
 * @param {Json} json
 * @param {Json | null} config tokenizer_config.json
 * @param {Kind | undefined} kind
 * @returns {Json}
 */
export function heedClass(json, config, kind) {
  const { normalizer, pre_tokenizer: splitter, post_processor: processor } = json;
  const changes = /** @type {Record<string, any>} */ ({});
  if (isObject(normalizer) && normalizer.type === 'BertNormalizer') {
    if (kind === 'bert') changes.normalizer = { ...normalizer, ...casing(config), ...chinese(config) };
    if (kind === 'mpnet') changes.normalizer = { ...normalizer, ...casing(config) };
  }
  const prefix = flagOf(config, 'add_prefix_space') ?? (kind === 'roberta' ? false : undefined);
  if (prefix !== undefined && isObject(splitter) && splitter.type === 'ByteLevel') {
    changes.pre_tokenizer = { ...splitter, add_prefix_space: prefix };
  }
  if (kind === 'roberta' && isObject(processor) && 'add_prefix_space' in processor) {
    const trim = flagOf(config, 'trim_offsets') ?? true;
    changes.post_processor = { ...processor, add_prefix_space: prefix, trim_offsets: trim };
  }
  return { ...json, ...changes };
}

/** @param {Json | null} config */
const casing = (config) => ({
  lowercase: flagOf(config, 'do_lower_case') ?? true,
  strip_accents: flagOf(config, 'strip_accents') ?? null,
});

/** @param {Json | null} config */
const chinese = (config) => ({ handle_chinese_chars: flagOf(config, 'tokenize_chinese_chars') ?? true });
