// The commands of the tasks as programs: what they give for the references' inputs, as lines and as rows, and what they refuse.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { MINILM, run, temporaryFolder } from './command.js';

const TASKS = fileURLToPath(new URL('../goldens/data/tasks/', import.meta.url));
/** @param {string} name @param {(call: any) => boolean} which @returns {{ model: string, call: any }} */
function reference(name, which) {
  const { calls } = JSON.parse(readFileSync(join(TASKS, name, 'case.json'), 'utf8'));
  const call = calls.find(which);
  assert.ok(call, name);
  return { model: join(TASKS, name), call };
}

/** @param {string[]} words @param {string} input */
async function lines(words, input) {
  const { code, stdout, stderr } = await run(words, input);
  assert.equal(code, 0, stderr);
  return stdout
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Equal but for scores, which are near. @param {any[]} found @param {any[]} expected @param {number} tol */
function assertNear(found, expected, tol) {
  const without = (/** @type {any[]} */ list) => list.map(({ score: _, ...rest }) => rest);
  assert.deepEqual(without(found), without(expected));
  for (const [i, { score }] of expected.entries()) assert.ok(Math.abs(found[i].score - score) <= tol);
}

const isPlain = (/** @type {any} */ { input, options }) =>
  typeof input === 'string' && !options.ignore_labels;

test('tokens gives the entities of the reference', async () => {
  const { model, call } = reference(
    'tokens-bert',
    (one) => isPlain(one) && one.options.aggregation_strategy === 'first',
  );
  const words = ['tokens', '-m', model, '--aggregation-strategy', 'first'];
  const [{ text, entities }] = await lines(words, `${call.input}\n`);
  assert.equal(text, call.input);
  assertNear(entities, call.expected, call.tol);
  const { stdout } = await run([...words, '-f', 'csv'], `${call.input}\n`);
  const [header, first] = stdout.toString().split('\n');
  assert.equal(header, 'text,entity,score,word,start,end');
  const { entity_group, word, start, end } = call.expected[0];
  assert.ok(
    first.startsWith(`${call.input},${entity_group},`) && first.endsWith(`,${word},${start},${end}`),
    first,
  );
});

test('answer gives the answers of the reference, to one question or to each its own', async (context) => {
  const { model, call } = reference(
    'answer-bert',
    ({ options }) => options.top_k === 3 && !options.align_to_words,
  );
  const { question, context: text, expected, tol } = call;
  const [line] = await lines(['answer', '-m', model, '-q', question, '-k', '3'], `${text}\n`);
  assert.deepEqual([line.text, line.question], [text, question]);
  assertNear(line.answers, expected, tol);
  const file = join(temporaryFolder(context), 'pairs.jsonl');
  writeFileSync(file, `${JSON.stringify({ text, asked: question })}\n`);
  assert.deepEqual(await lines(['answer', '-m', model, '--pair', 'asked', '-k', '3', file], ''), [line]);
});

test('fill gives the words of the reference, of each mask', async () => {
  const { model, call } = reference('fill-distilbert', ({ masks, options }) => masks === 2 && options.top_k);
  const words = ['fill', '-m', model, '-k', String(call.options.top_k)];
  const [{ masks }] = await lines(words, `${call.input}\n`);
  assert.equal(masks.length, 2);
  for (const [i, expected] of call.expected.entries()) assertNear(masks[i], expected, call.tol);
  const rows = (await run([...words, '-f', 'csv'], `${call.input}\n`)).stdout
    .toString()
    .trimEnd()
    .split('\n');
  assert.equal(rows[0], 'text,mask,token_str,score,sequence');
  assert.equal(rows.length, 1 + 2 * call.options.top_k);
});

test('rank gives the order of the reference', async (context) => {
  const { model, call } = reference('rank-bert-sigmoid', ({ options }) => Object.keys(options).length === 0);
  const file = join(temporaryFolder(context), 'documents.jsonl');
  writeFileSync(
    file,
    call.documents.map((/** @type {string} */ text) => `${JSON.stringify(text)}\n`).join(''),
  );
  const found = await lines(['rank', '-m', model, '--query', call.query, file], '');
  assertNear(
    found,
    call.expected.map((/** @type {any} */ one) => ({ ...one, text: call.documents[one.corpus_id] })),
    call.tol,
  );
});

test('classify takes labels of the caller', async () => {
  const { model, call } = reference('zeroshot-bert', ({ options }) => options.hypothesis_template);
  const words = ['classify', '-m', model, '--labels', call.options.labels.join()];
  const [{ classes }] = await lines(
    [...words, '--hypothesis-template', call.options.hypothesis_template],
    `${call.input}\n`,
  );
  assertNear(classes, call.expected, call.tol);
});

test('what a model or a command line lacks is said', async () => {
  const bert = join(TASKS, 'tokens-bert');
  for (const [words, code, message] of /** @type {[string[], number, RegExp][]} */ ([
    [['rank', '-m', MINILM], 2, /--query TEXT is missing/],
    [
      ['rank', '-m', MINILM, '-q', 'a'],
      1,
      /rank needs a cross-encoder, a classifier with one label; its tasks: feature-extraction/,
    ],
    [['answer', '-m', join(TASKS, 'answer-bert')], 2, /expected --question TEXT, or --pair NAME/],
    [
      ['answer', '-m', bert, '-q', 'a'],
      1,
      /no head for question-answering; its tasks: feature-extraction, token-classification/,
    ],
    [['tokens', '-m', bert, '--stride', '2'], 2, /--stride joins what windows find/],
    [
      ['fill', '-m', join(TASKS, 'fill-distilbert')],
      1,
      /texts\[0\] is "a text"; expected a text with \[MASK\]/,
    ],
    [
      ['classify', '-m', join(TASKS, 'rank-bert-sigmoid'), '--labels', 'a,b'],
      1,
      /labels need a model of natural language/,
    ],
    [['tokens', '-m', bert, 'cat.png'], 2, /"cat.png" is a picture; expected texts/],
  ])) {
    const outcome = await run(words, 'a text\n');
    assert.match(outcome.stderr, message);
    assert.match(outcome.stderr, /^[^\n]+\n$/);
    assert.equal(outcome.code, code, outcome.stderr);
  }
});
