/** What callers in a page give to the library by mistake (page.txt), in a real Chromium. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { folder } from '../encoder/fixtures.js';
import { answerLibrary, openPage } from '../sources/page.js';
import { answerWell, serve } from '../sources/server.js';
import { testMistakes } from './table.js';

const TEXT = fileURLToPath(new URL('../goldens/data/tasks/classify-distilbert-softmax/', import.meta.url));

/** @type {(() => Promise<void>)[]} */
const ends = [];
const context = { after: (/** @type {() => Promise<void>} */ end) => ends.push(end) };
/** @type {import('playwright-core').Page} */
let page;
/** @type {string[]} */
let askedOfOther;

before(async () => {
  const files = new Map([
    ...[...folder('vit_imgcls')].map(
      ([name, bytes]) => /** @type {const} */ ([`models/sight/${name}`, bytes]),
    ),
    ...readdirSync(TEXT).map(
      (name) => /** @type {const} */ ([`models/text/${name}`, new Uint8Array(readFileSync(TEXT + name))]),
    ),
  ]);
  const { url } = await serve(
    context,
    (answering) => {
      if (answerLibrary(answering)) return;
      if (answering.path.startsWith('spa/')) answering.response.end('<!doctype html><html></html>');
      else answerWell(answering);
    },
    files,
  );
  const other = await serve(context, answerWell);
  askedOfOther = other.asked;
  page = await openPage(url, context);
  await page.evaluate(async (OTHER) => {
    const { load } = await import(/** @type {any} */ ('wasmformer'));
    const [sight, text] = [await load('/models/sight'), await load('/models/text')];
    /** A directory with a model's folder of that name in it. */
    const folderWith = async (/** @type {string} */ name) => {
      const top = await navigator.storage.getDirectory();
      const inner = await top.getDirectoryHandle(name, { create: true });
      const file = await inner.getFileHandle('config.json', { create: true });
      const writable = await file.createWritable();
      await writable.write('{}');
      await writable.close();
      return top;
    };
    const see = (/** @type {any} */ given) => sight.classify(given);
    const classify = (/** @type {any} */ given) => text.classify(given);
    const names = { load, see, classify, folderWith, OTHER };
    Object.assign(globalThis, {
      mistake: (/** @type {string} */ code) =>
        new Function(...Object.keys(names), `return (${code})`)(...Object.values(names)),
    });
  }, other.url);
});
after(async () => {
  for (const end of ends.reverse()) await end();
});

testMistakes('page.txt', async (code) => {
  const found = await page.evaluate(async (line) => {
    try {
      return String(await Reflect.get(globalThis, 'mistake')(line));
    } catch (error) {
      const { name, code, message } = /** @type {any} */ (error);
      return { name, code, message };
    }
  }, code);
  if (typeof found !== 'string') throw found;
  return found;
});

test('nothing was asked of another server but what an address said', () => {
  const ofModel = [
    'config.json',
    'model.safetensors',
    'modules.json',
    'tokenizer.json',
    'tokenizer_config.json',
  ];
  assert.deepEqual([...new Set(askedOfOther)].sort(), ['cat', ...ofModel]);
});
