/** What callers give to an encoder by mistake (calls.txt), and that nothing is fetched for it. */
import assert from 'node:assert/strict';
import { after, mock, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { load, Tensor } from '../../web/index.js';
import { folder, models } from '../encoder/fixtures.js';
import { folderOf, MEAN } from '../encoder/sentence.js';
import { runner, testMistakes } from './table.js';

const TASKS = fileURLToPath(new URL('../goldens/data/tasks/', import.meta.url));
const prompts = { query: 'query: ', passage: 'passage: ' };
/** @type {Record<string, any>} */
const encoders = {
  classifier: await load(`${TASKS}classify-distilbert-softmax`),
  prompted: await load(
    folderOf([['Pooling', '1_Pooling', MEAN]], { 'config_sentence_transformers.json': { prompts } }),
  ),
  wordless: await load(`${models}bert_base`),
  sighted: await load(`${models}vit_imgcls`),
  blind: await load(folder('vit_imgcls', { 'preprocessor_config.json': null })),
  attention: await load(`${models}seed001_d2l_mha`),
  disposed: await load(`${models}vit_imgcls`),
};
encoders.disposed.dispose();
const { classifier, prompted, sighted } = encoders;
const fetched = mock.method(globalThis, 'fetch');
after(() => {
  for (const encoder of Object.values(encoders)) encoder.dispose();
});

testMistakes(
  'calls.txt',
  runner({
    ...encoders,
    embed: (/** @type {any[]} */ ...given) => prompted.embed(...given),
    tokenize: (/** @type {any[]} */ ...given) => prompted.tokenize(...given),
    forward: (/** @type {any[]} */ ...given) => prompted.forward(...given),
    classify: (/** @type {any[]} */ ...given) => classifier.classify(...given),
    see: (/** @type {any[]} */ ...given) => sighted.classify(...given),
    look: (/** @type {any[]} */ ...given) => sighted.forward(...given),
    picture: { data: new Uint8Array(12), width: 2, height: 2 },
    models,
    Buffer,
    Tensor,
  }),
);

test('nothing was fetched for any of them, and a text is no address to a model of texts', async () => {
  await prompted.embed(['http://127.0.0.1:1/cat.png', './cat.png', 'file:///cat.png', 'data:image/png,x']);
  assert.equal(fetched.mock.callCount(), 0);
});

test('a prompt is literal text, also where it is the name of one', async () => {
  const literal = await prompted.embed('a', { prompt: 'query' });
  assert.deepEqual(literal.tolist(), (await prompted.embed('querya')).tolist());
  const named = await prompted.embed('a', { promptName: 'query' });
  assert.deepEqual(named.tolist(), (await prompted.embed('query: a')).tolist());
});
