/**
 * Every part of a tokenizer.json against the Rust tokenizers on random texts: ids, offsets, tokens, windows, decoded text. The
 * records are those of references.jsonl; with $REFERENCES, a number of records for each part (make test-all: 100,000), they
 * are drawn anew from $SEED by references.py, which needs .cache/venv.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { InputError } from '../../bindings/errors.js';
import { createTokenizer } from '../../bindings/text/create_tokenizer.js';

/** @import { Tokenizer } from '../../bindings/text/tokenizer.js' */

const here = fileURLToPath(new URL('.', import.meta.url));
const count = Number(process.env.REFERENCES ?? 0);
const seed = process.env.SEED ?? '1';

/** @param {string} name */
const golden = (name) =>
  JSON.parse(readFileSync(`${here}../goldens/data/tokenizers/${name}/tokenizer.json`, 'utf8'));

/** Lines of JSON, from the file or drawn anew. */
async function* lines() {
  const program = `${here}../../.cache/venv/bin/python`;
  const args = [`${here}references.py`, seed, String(count)];
  const drawn = count > 0 ? spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] }) : null;
  const ended = drawn && new Promise((done) => drawn.once('close', done));
  const input = drawn?.stdout ?? createReadStream(`${here}references.jsonl`);
  for await (const line of createInterface({ input, crlfDelay: Infinity })) yield JSON.parse(line);
  if (drawn) assert.equal(await ended, 0, 'references.py ran to its end');
}

/** @param {{ kind: string, tokenizer: any }} part a tokenizer.json, or the golden that has it @returns {Tokenizer} */
function make({ kind, tokenizer: told }) {
  if (typeof told === 'string') return createTokenizer({ tokenizer: golden(told) });
  let text = JSON.stringify(told);
  if (text.includes('"unigram-xlmr"')) {
    const { precompiled_charsmap: charsmap } = golden('unigram-xlmr').normalizer;
    text = text.replaceAll('"unigram-xlmr"', JSON.stringify(charsmap));
  }
  const tokenizerConfig = kind === 'pair' ? { pad_token: '<unk>' } : null;
  return createTokenizer({ tokenizer: JSON.parse(text), tokenizerConfig });
}

/** @param {ReturnType<Tokenizer['encode']>} encoding */
const numbers = ({ ids, typeIds, attentionMask, specialTokensMask, offsets, sequenceIds }) => [
  ...[ids, typeIds, attentionMask, specialTokensMask].map((list) => Array.from(list)),
  offsets.flat(),
  sequenceIds.map((id) => id ?? -1),
];

/** @type {Record<string, (tokenizer: Tokenizer, record: any) => void>} */
const CHECKS = {
  text: (tokenizer, [text, ids, offsets, tokens]) => {
    const encoding = tokenizer.encode(text, { addSpecialTokens: false });
    assert.deepEqual(
      [Array.from(encoding.ids), encoding.offsets.flat(), encoding.tokens],
      [ids, offsets, tokens],
    );
  },
  ids: (tokenizer, [ids, text]) => assert.equal(tokenizer.decode(ids), text),
  pair: (tokenizer, [text, pair, options, windows]) => {
    const encode = () => tokenizer.encode(text, pair === null ? options : { ...options, pair });
    if (windows === null) {
      assert.throws(encode, InputError);
      return;
    }
    const encoding = encode();
    assert.deepEqual([encoding, ...encoding.overflowing].map(numbers), windows);
  },
};

test(`parts of a tokenizer.json against the Rust tokenizers${count ? `, ${count} records each, seed ${seed}` : ''}`, {
  timeout: Infinity,
}, async (context) => {
  let [name, parts, records] = ['', 0, 0];
  /** @type {Tokenizer | undefined} */ let tokenizer;
  let check = CHECKS.text;
  for await (const line of lines()) {
    if (!Array.isArray(line)) {
      name = line.name;
      tokenizer = make(line);
      check = CHECKS[line.kind];
      parts++;
      continue;
    }
    records++;
    assert.ok(tokenizer);
    try {
      check(tokenizer, line);
    } catch (error) {
      /** @type {any} */ (error).message =
        `${name}: ${JSON.stringify(line)}\n${/** @type {Error} */ (error).message}`;
      throw error;
    }
  }
  assert.ok(parts >= 90, `${parts} parts`);
  assert.ok(records >= parts * (count || 20), `${records} records`);
  context.diagnostic(`${records} records of ${parts} parts`);
});
