/** What create_tokenizer.js puts a tokenizer together from. */

/** @import { SpecialIds } from './public.js' */
/** @import { AddedVocabulary } from './added_tokens.js' */
/** @import { Pipeline } from './pipeline.js' */
/** @import { Processor } from './processors/template.js' */

/** @typedef {{ token: string | null, typeId: number, side: 'left' | 'right' }} PaddingSettings */
/**
 * @typedef {object} TokenizerParts
 * @property {string} file that the tokenizer comes from, for messages
 * @property {string[]} ignored keys of tokenizer_config.json that transformers does not know either
 * @property {AddedVocabulary} vocabulary
 * @property {Pipeline} pipeline
 * @property {Processor} processor
 * @property {(tokens: string[]) => string} decode
 * @property {string} [unknown] the token that ids without one stand for; without it they are refused
 * @property {string} [kept] the special token that stays when others are left out
 * @property {boolean} cleansUp
 * @property {string} subwordPrefix what marks tokens inside a word, '' for nothing
 * @property {SpecialIds} special
 * @property {PaddingSettings} padding
 * @property {'left' | 'right'} truncationSide
 * @property {string[] | null} inputNames
 * @property {number | null} maxLength
 */

export {};
