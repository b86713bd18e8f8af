// The reference of the API is whole: every name that the package gives, every member of its classes and every option that a call
// takes stands on its page, with words. What is there is asked of the library itself.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as library from '../../web/index.js';
import { load } from '../../web/index.js';
import { MINILM } from '../browser/browser.js';
import { buildPages, textOf } from './pages.js';

/** @type {Awaited<ReturnType<typeof buildPages>>} */
let built;
let page = '';
/** @type {import('../../web/index.js').Encoder} */
let encoder;
before(async () => {
  [built, encoder] = await Promise.all([buildPages(), load(MINILM)]);
  page = built.pages.get('api.html') ?? '';
});
after(() => {
  built.remove();
  encoder.dispose();
});

const has = (/** @type {string} */ anchor) => page.includes(` id="${anchor}"`);

test('every name of the package has its place', () => {
  for (const name of Object.keys(library)) assert.ok(has(name.toLowerCase()), name);
});

test('every member of a class has its place, and words or a type', () => {
  const { Encoder, Tensor, Tokenizer } = library;
  const OWN = /^(constructor|toJSON|toString|undefined)$/;
  // Those of the tokenizer that only the tasks call.
  const inside = /** @type {Record<string, string[]>} */ ({
    Tokenizer: ['inputOf', 'textOf', 'subwordPrefix', 'paddingSide'],
  });
  for (const { name, prototype } of [Encoder, Object.getPrototypeOf(Encoder), Tensor, Tokenizer]) {
    const owner = name === 'Loaded' ? 'Encoder' : name;
    const members = Object.getOwnPropertyNames(prototype).filter(
      (member) => !OWN.test(member) && !inside[owner]?.includes(member),
    );
    assert.ok(members.length > 2, owner);
    for (const member of members) assert.ok(has(`${owner}.${member}`.toLowerCase()), `${owner}.${member}`);
  }
});

/** @param {string} anchor @returns {string[]} the names of the options told behind an anchor */
function optionsAt(anchor) {
  const from = page.slice(page.indexOf(` id="${anchor}"`));
  const table = /<table class="options".*?<\/table>/s.exec(from)?.[0] ?? '';
  return [...table.matchAll(/<th scope="row"[^>]*><code class="whole">(\w+)<\/code>/g)].map(
    ([, name]) => name,
  );
}

/** @param {() => unknown} call with an option that is not known @returns {Promise<string[]>} the options that its error names */
async function optionsOf(call) {
  try {
    await call();
  } catch (error) {
    const known = /known are (.*)$/.exec(/** @type {Error} */ (error).message)?.[1];
    assert.ok(known, String(error));
    return known.split(', ');
  }
  return assert.fail('an unknown option was taken');
}

test('the options told are the options that a call takes', async () => {
  const wrong = /** @type {any} */ ({ unknown: 1 });
  const tokenizer = await library.loadTokenizer(MINILM);
  /** @type {Record<string, () => unknown>} */
  const calls = {
    load: () => load(MINILM, wrong),
    loadtokenizer: () => library.loadTokenizer(MINILM, wrong),
    encodings: () => library.encodings(wrong),
    'encoder.forward': () => encoder.forward({ input_ids: [[101, 102]] }, wrong),
    'encoder.embed': () => encoder.embed('a text', wrong),
    'encoder.tokenize': () => encoder.tokenize('a text', wrong),
    'tokenizer.encode': () => tokenizer.encode('a text', wrong),
    'tokenizer.decode': () => tokenizer.decode([101], wrong),
    rollout: () => library.rollout([new library.Tensor('float32', new Float32Array(1), [1, 1, 1, 1])], wrong),
  };
  for (const [anchor, call] of Object.entries(calls))
    assert.deepEqual(optionsAt(anchor).sort(), (await optionsOf(call)).sort(), anchor);
});

test('every option has words and a type', () => {
  const tables = [...page.matchAll(/<caption class="hidden">Options of (.*?)<\/table>/gs)];
  const rows = tables.flatMap(([, table]) => [
    ...table.matchAll(/<tr role="row"><th scope="row"[^>]*>(.*?)<\/th>(.*?)<\/tr>/gs),
  ]);
  assert.ok(rows.length > 60, `${rows.length} rows`);
  for (const [, name, cells] of rows)
    for (const cell of cells.split('<td').slice(1)) assert.notEqual(textOf(`<td${cell}`), '', textOf(name));
});
