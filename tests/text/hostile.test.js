/** tokenizer.json from strangers, and texts: work that grows as they do, texts that grow up to a limit. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FormatError, UnsupportedError } from '../../bindings/errors.js';
import { createTokenizer } from '../../bindings/text/create_tokenizer.js';
import { stepsOf } from '../formats/steps.js';

const GOLDENS = new URL('../goldens/data/tokenizers/', import.meta.url);
const TELLING = { type: 'Unigram', unk_id: 0, vocab: [['<unk>', 0]] };

/** @param {Record<string, any>} parts of a tokenizer.json */
const make = (parts) => createTokenizer({ tokenizer: { model: TELLING, ...parts } });
/** @param {any} [kind] @returns {(error: any) => boolean} */
const refused = (kind) => (error) =>
  (kind ? error instanceof kind : error instanceof FormatError || error instanceof UnsupportedError) &&
  error.path === 'tokenizer.json';
/** @param {string} from @param {string} to */
const replace = (from, to) => ({ type: 'Replace', pattern: { String: from }, content: to });
/** @param {any[]} normalizers */
const sequence = (normalizers) => ({ type: 'Sequence', normalizers });

test('a text may grow by normalizing up to a limit, and no work is done beyond it', () => {
  const chain = (/** @type {number} */ count) =>
    make({ normalizer: sequence(Array.from({ length: count }, () => replace('a', 'aa'))) });
  assert.equal(chain(6).encode('a'.repeat(100)).tokens[0].length, 6400);
  const tokenizer = chain(24);
  const steps = stepsOf(() =>
    assert.throws(() => tokenizer.encode('a'.repeat(100)), refused(UnsupportedError)),
  );
  assert.ok(steps < 5e5, `${steps} steps`);
  assert.throws(() => tokenizer.ids('a'.repeat(100)), refused(UnsupportedError));
  // One that gives to another what it takes from it.
  const round = sequence([
    replace('a', 'bb'),
    replace('b', 'aa'),
    replace('a', 'bb'),
    replace('b', 'aa'),
    replace('a', 'b'.repeat(8)),
  ]);
  assert.throws(() => make({ normalizer: round }).encode('a'.repeat(1000)), /longer than 65024 characters/);
  const long = make({ normalizer: replace('a', 'x'.repeat(1e6)) });
  assert.throws(() => long.encode('a'), refused(UnsupportedError));
  const bytes = make({ normalizer: sequence(Array.from({ length: 24 }, () => ({ type: 'ByteLevel' }))) });
  assert.throws(() => bytes.encode('é'.repeat(2000)), refused(UnsupportedError));
  // The longest normal form there is.
  assert.equal(make({ normalizer: { type: 'NFKD' } }).encode('\ufdfa'.repeat(500)).tokens[0].length, 9000);
});

test('parts that are nested deep, many, or hold themselves are refused', () => {
  const file = {
    normalizers: 'normalizer',
    pretokenizers: 'pre_tokenizer',
    processors: 'post_processor',
    decoders: 'decoder',
  };
  for (const [list, key] of Object.entries(file)) {
    let deep = /** @type {Record<string, any>} */ ({ type: 'Sequence', [list]: [] });
    for (let i = 0; i < 40; i++) deep = { type: 'Sequence', [list]: [deep] };
    assert.throws(() => make({ [key]: deep }), refused(FormatError), key);
    const many = {
      type: 'Sequence',
      [list]: Array.from({ length: 1000 }, () => ({ type: 'Sequence', [list]: [] })),
    };
    assert.throws(() => make({ [key]: many }), refused(FormatError), key);
    const own = /** @type {Record<string, any>} */ ({ type: 'Sequence', [list]: [] });
    own[list].push(own, own);
    const steps = stepsOf(() => assert.throws(() => make({ [key]: own }), refused(FormatError)));
    assert.ok(steps < 10000, `${key}: ${steps} steps`);
  }
});

test('twice the text takes at most about twice the steps, of whatever characters it is', () => {
  const texts = [
    'a',
    ' ',
    'ab ',
    '\u0301',
    'é',
    '[CL',
    '<',
    "'",
    '▁',
    '1',
    '日',
    '😀',
    '\n',
    '<s> ',
    'Ġ',
    'x, ',
    '한',
    '\u200d',
    '\r\n',
  ];
  const folders = readdirSync(GOLDENS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  let count = 0;
  for (const { name } of folders) {
    /** @type {any} */ let tokenizer;
    try {
      tokenizer = JSON.parse(readFileSync(new URL(`${name}/tokenizer.json`, GOLDENS), 'utf8'));
    } catch {
      continue; // a vocabulary alone
    }
    const made = createTokenizer({ tokenizer });
    for (const text of texts) {
      // A piece is remembered up to 256 units: none of these is short. When the engine throws compiled code away, counts go with
      // it, so that a measurement that seems too large is made again: work that grows faster fails each time.
      const measure = () => [2000, 4000].map((n) => stepsOf(() => made.encode(text.repeat(n))));
      const fits = (/** @type {number[]} */ [one, two]) => two <= 2.3 * one + 1000;
      const tries = [measure()];
      while (tries.length < 4 && !fits(tries[tries.length - 1])) tries.push(measure());
      assert.ok(
        fits(tries[tries.length - 1]),
        `${name}, ${JSON.stringify(text)}: steps ${tries.join(' and ')}`,
      );
      count++;
    }
  }
  assert.ok(count > 200, `${count} texts`);
});

test('long tokens of a vocabulary do not make a word take more than a look at each for each character', () => {
  const vocab = {
    '[UNK]': 0,
    a: 1,
    '##a': 2,
    ['a'.repeat(999).concat('b')]: 3,
    ['##'.concat('a'.repeat(900), 'b')]: 4,
  };
  const model = {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 1e6,
    vocab,
  };
  const tokenizer = make({ model });
  const n = 3000;
  const steps = stepsOf(() => assert.equal(tokenizer.ids('a'.repeat(n)).ids.length, n));
  assert.ok(steps < n * 1100 * 10, `${steps} steps`);
  assert.deepEqual(
    Array.from(tokenizer.ids('a'.repeat(999).concat('b', 'a'.repeat(900), 'b', 'a')).ids),
    [3, 4, 2],
  );
});

test('a large vocabulary is read in steps that grow as it does', () => {
  const unigram = (/** @type {number} */ n) => ({
    ...TELLING,
    vocab: Array.from({ length: n }, (_, i) => [`▁${(i * 7919).toString(36)}`, -i / n]),
  });
  const bpe = (/** @type {number} */ n) => {
    const tokens = Array.from({ length: n }, (_, i) => `x${i.toString(36)}`);
    const vocab = Object.fromEntries(
      ['y', ...tokens, ...tokens.map((token) => `y${token}`)].map((token, id) => [token, id]),
    );
    return { type: 'BPE', vocab, merges: tokens.map((token) => `y ${token}`) };
  };
  for (const model of [unigram, bpe]) {
    const [one, two] = [2 ** 13, 2 ** 14].map((n) => {
      const parts = { model: model(n) };
      return stepsOf(() => make(parts));
    });
    assert.ok(two < 2.3 * one, `${one} steps, then ${two}`);
  }
});
