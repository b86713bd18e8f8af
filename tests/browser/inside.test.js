import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, test } from 'node:test';
import { startBrowser } from './browser.js';
import {
  apart,
  distance,
  FIRST,
  HELD,
  hashIs,
  library,
  row,
  SENTENCE,
  shown,
  TURNED,
  TWIN,
  texts,
} from './inside.js';

// Inside's numbers beside those that the library makes here, from the same models.
mkdirSync('build/screenshots', { recursive: true });
const browser = await startBrowser();
after(() => browser.close());

test('the whole shows how far a word and its twin are apart, told and not told, before and after the models are there', async () => {
  const { page, complaints, shoot } = await browser.openPage({ hash: 'inside' });
  await page.waitForSelector('.fork .apart');
  const read = async () => {
    const all = await texts(page, '.fork .apart');
    return { told: all.filter((_, i) => i % 2 === 0), blind: all.filter((_, i) => i % 2) };
  };
  const told = apart('told', HELD, TWIN);
  const expected = told.map((x) => (x < 1e-5 ? '0' : x.toFixed(2)));
  assert.deepEqual((await read()).told, expected);
  assert.deepEqual((await read()).blind, ['0', '0', '0', '0', '0', '0']);
  assert.ok(apart('blind', HELD, TWIN).every((x) => x < 1e-5));
  assert.deepEqual(await texts(page, '.loom .answer'), ['who', 'did', 'whom']);
  await page.keyboard.press('Shift'); // ends the walk
  await page.waitForTimeout(1500);
  assert.deepEqual((await read()).told, expected);
  assert.equal(
    await page.getAttribute('[role=gridcell][aria-selected=true][tabindex="0"]', 'aria-label'),
    `cat, plus its place, ${expected[1]} apart`,
  );
  await shoot('inside-1280-light');
  assert.deepEqual(complaints, []);
});

test('a word that keeps its place parts a step later; the sentence can be turned round', async () => {
  const { page, complaints } = await browser.openPage({ hash: 'inside' });
  await page.click('text=Hold another word');
  await hashIs(page, '#inside?s=the+dog+chased+the+cat&w=3');
  const expected = apart('told', 3, 3).map((x) => (x < 1e-5 ? '0' : x.toFixed(2)));
  assert.equal(expected[1], '0');
  assert.notEqual(expected[2], '0');
  assert.deepEqual(
    (await texts(page, '.fork .apart')).filter((_, i) => i % 2 === 0),
    expected,
  );
  assert.match((await texts(page, '.readout')).join(), /They part, and still agree: did/);
  await page.click('text=Turn the sentence round');
  await page.waitForFunction(() => document.querySelectorAll('.word')[1]?.textContent === 'cat');
  assert.deepEqual(await texts(page, '.word'), TURNED);
  await hashIs(page, '#inside?s=the+cat+chased+the+dog&w=3');
  assert.deepEqual(complaints, []);
});

test('keys lead from the whole to one multiplication and back, and its numbers are the library’s', async () => {
  const { page, complaints, shoot } = await browser.openPage({ hash: 'inside' });
  await page.waitForTimeout(800);
  await page.focus('[role=gridcell][tabindex="0"]');
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowDown');
  assert.match(
    (await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))) ?? '',
    /^cat, asks again, /,
  );
  await page.keyboard.press('Enter');
  await hashIs(page, '#inside/asks-2/head-');
  await page.waitForSelector('.asks');
  await page.waitForFunction(() => document.activeElement?.classList.contains('asks'));
  const head = Number(/head-(\d)/.exec(page.url())?.[1]) - 1;
  const layers = (/** @type {string} */ which) => library.told[which].trace.layers[1];
  const share = (/** @type {any} */ { attention }, /** @type {number} */ token) =>
    row(attention.slice(head), token);
  const percent = (/** @type {number} */ x) => `${Math.round(100 * x)} %`;
  const [mine, theirs] = [share(layers('first'), HELD), share(layers('second'), TWIN)];
  assert.deepEqual(await texts(page, '.share-line.a .share-text'), mine.map(percent));
  assert.deepEqual(
    (await texts(page, '.share-line.b .share-text')).map((text) => text.replace(/ [a-z]+$/, '')),
    theirs.map(percent),
  );
  const scores = row(layers('first').scores.slice(head), HELD);
  assert.deepEqual(await texts(page, '.score-number'), scores.map(shown));
  await shoot('inside-1280-asks');

  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.product');
  const [, , , key, number] = /#inside\/(asks-2)\/(head-\d)\/([^/]+)\/(\d)/.exec(page.url()) ?? [];
  const place = key === 'start' ? 0 : SENTENCE.indexOf(key) + 1;
  const at = Number(number) - 1;
  const [q, k] = [
    row(layers('first').query.slice(head), HELD)[at],
    row(layers('first').key.slice(head), place)[at],
  ];
  const [q2, k2] = [
    row(layers('second').query.slice(head), TWIN)[at],
    row(layers('second').key.slice(head), place)[at],
  ];
  const formulas = await texts(page, '.formula');
  assert.equal(formulas[0], `${shown(q)}×${shown(k)}=${shown(q * k)}`);
  assert.equal(formulas[1], `${shown(q2)}×${shown(k2)}=${shown(q2 * k2)}`);
  // The question is made of 32 products and a bias, which the page reads as weights.
  assert.deepEqual(await texts(page, '.bar-end span'), [shown(q), shown(q2)]);
  await shoot('inside-1280-product');

  await page.keyboard.press('Escape');
  await page.waitForSelector('.asks');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.loom');
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'gridcell');
  assert.match(
    (await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))) ?? '',
    /^cat, /,
  );
  assert.deepEqual(complaints, []);
});

test('place, middle and answers are the library’s numbers', async () => {
  const { page } = await browser.openPage({ hash: `inside/place?${FIRST}` });
  await page.waitForSelector('.bar-end');
  const { first, second } = library.told;
  const of = (/** @type {(trace: any) => any} */ part) =>
    distance(row(part(first.trace), HELD), row(part(second.trace), TWIN)).toFixed(2);
  assert.deepEqual((await texts(page, '.bar-end')).filter(Boolean), [
    '0',
    of((t) => t.embeddings.position),
    of((t) => t.embeddings.sum),
    of((t) => t.embeddings.output),
  ]);
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `inside/alone-2?${FIRST}`);
  await page.waitForSelector('.answers');
  assert.equal(
    (await texts(page, '.bar-end'))[1],
    of((t) => t.layers[1].activated),
  );
  const logits = (/** @type {any} */ { logits }, /** @type {number} */ token) => row(logits.slice(0), token);
  const all = [logits(first, HELD), logits(second, TWIN), logits(library.blind.first, HELD)];
  const order = [1, 2, 3, 4, 5, 0];
  assert.deepEqual(
    await texts(page, '.answer-cell .score'),
    order.flatMap((role) => all.map((scores) => shown(scores[role]))),
  );
});

test('scrolling moves the ring and lays paper over what comes later; the table and its CSV hold the distances', async () => {
  const { page, complaints, shoot } = await browser.openPage({ hash: 'inside', colorScheme: 'dark' });
  await page.waitForSelector('.fork .apart');
  await page.keyboard.press('Shift');
  await page.waitForTimeout(300);
  const ring = () => page.getAttribute('.rail .ring', 'cy').then(Number);
  const before = await ring();
  // Again and again: on a busy machine the page may not be as long yet.
  await page.waitForFunction((least) => {
    scrollTo(0, 1500);
    return Number(document.querySelector('.rail .ring')?.getAttribute('cy')) > least;
  }, before);
  await page.screenshot({ path: 'build/screenshots/inside-1280-dark-scrolled.png' });
  await page.click('.save summary');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('.save >> text=CSV')]);
  const stream = await download.createReadStream();
  let csv = '';
  for await (const piece of stream) csv += piece;
  const lines = csv
    .trim()
    .split('\r\n')
    .map((line) => line.match(/("([^"]|"")*"|[^,]*)(,|$)/g)?.map((cell) => cell.replace(/,$/, '')) ?? []);
  const told = apart('told', HELD, TWIN);
  for (let s = 0; s < 6; s++) assert.ok(Math.abs(Number(lines[s + 1][5]) - told[s]) < 1e-3, csv);
  await shoot('inside-1280-dark');
  assert.deepEqual(complaints, []);
});
