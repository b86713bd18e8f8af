/**
 * One folder of the tokenizers' reference outputs: its files go through the public API, every record of its cases.json is
 * compared. It passes when all do.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, loadTokenizer } from '../../web/index.js';

/** @import { Encoding } from '../../bindings/text/public.js' */
/** @import { Tokenizer } from '../../web/index.js' */

/** Options by the names that the records have. @type {Record<string, string>} */
const OPTIONS = {
  truncation: 'truncation',
  max_length: 'maxLength',
  stride: 'stride',
  return_overflowing_tokens: 'returnOverflowingTokens',
  padding: 'padding',
  padding_side: 'paddingSide',
  truncation_side: 'truncationSide',
  add_special_tokens: 'addSpecialTokens',
};

/**
 * @param {any} entry of index.json
 * @param {{ folder: string }} options
 * @returns {Promise<string>} what was compared
 */
export async function runTokenizerCase({ name }, { folder }) {
  const tokenizer = await loadTokenizer(join(folder, name));
  const { singles, pairs = [] } = JSON.parse(readFileSync(join(folder, name, 'cases.json'), 'utf8'));
  for (const record of singles) compareSingle(tokenizer, record);
  for (const record of pairs) comparePair(tokenizer, record);
  return `${singles.length} texts and ${pairs.length} calls with options`;
}

/** @param {Tokenizer} tokenizer @param {any} record */
function compareSingle(tokenizer, record) {
  const { text, ids, decoded } = record;
  const encoding = tokenizer.encode(text);
  compare(encoding, record, text);
  assert.deepEqual(Array.from(tokenizer.ids(text).ids), ids, `ids alone of ${JSON.stringify(text)}`);
  if (decoded === undefined) return;
  assert.equal(
    tokenizer.decode(ids, { skipSpecialTokens: true }),
    decoded,
    `decoded ${JSON.stringify(text)}`,
  );
}

/** @param {Tokenizer} tokenizer @param {any} record */
function comparePair(tokenizer, record) {
  const options = Object.fromEntries(
    Object.entries(record.options).map(([key, value]) => [OPTIONS[key] ?? key, value]),
  );
  // The records were made by single calls of transformers, which take an empty pair for none.
  if (record.pair) options.pair = record.pair;
  const call = JSON.stringify([record.text, options]);
  if (record.error) {
    assert.throws(() => tokenizer.encode(record.text, options), InputError, call);
    return;
  }
  const encoding = tokenizer.encode(record.text, options);
  compare(encoding, record, call);
  const windows = record.overflow ?? [];
  assert.equal(encoding.overflowing.length, windows.length, `windows of ${call}`);
  for (const [i, window] of windows.entries())
    compare(encoding.overflowing[i], window, `window ${i} of ${call}`);
}

/**
 * What a record has is what is compared; lists of digits are told as text.
 * @param {Encoding} encoding
 * @param {any} record
 * @param {string} where
 */
function compare(encoding, record, where) {
  const found = {
    ids: Array.from(encoding.ids),
    offsets: encoding.offsets.flat(),
    special: encoding.specialTokensMask.join(''),
    type_ids: encoding.typeIds.join(''),
    attention_mask: encoding.attentionMask.join(''),
    sequence: encoding.sequenceIds.map((id) => id ?? '-').join(''),
  };
  for (const [key, value] of Object.entries(found)) {
    if (record[key] !== undefined) assert.deepEqual(value, record[key], `${key} of ${where}`);
  }
}
