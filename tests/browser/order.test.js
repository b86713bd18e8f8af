// The first screen: what is baked and what is computed in the page equals the library's; words are moved by mouse, finger and
// keys, typed and taken out; the address brings it all back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { answerOf, read, sureOf, toldIn } from '../../demo/rooms/order/reading.js';
import { FIRST, LONGER, PASSIVE, SWAPPED, UNKNOWN } from '../../demo/rooms/order/sentences.js';
import { load } from '../../web/index.js';
import { startBrowser } from './browser.js';

/** @typedef {import('../../demo/rooms/order/reading.js').Reading} Reading */

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
/** @type {Record<string, Awaited<ReturnType<typeof load>>>} */
const models = {};
before(async () => {
  browser = await startBrowser();
  for (const name of ['none', 'learned', 'sines', 'rotary'])
    models[name] = await load(new URL(`../../demo/models/roles/${name}/`, import.meta.url));
});
after(() => browser.close());

/** What the library says in Node. @param {string} name @param {string} sentence */
const readingOf = (name, sentence) => read(models[name], sentence.split(' '));

/** @param {import('playwright-core').Page} page the sentence that stands there, by where its words are seen */
const sentenceOf = (page) =>
  page.locator('.word').evaluateAll((words) => {
    const isUpright = document.querySelector('.stage')?.classList.contains('upright');
    return words
      .map((word) => ({
        text: word.textContent,
        at: word.getBoundingClientRect()[isUpright ? 'top' : 'left'],
      }))
      .sort((a, b) => a.at - b.at)
      .map(({ text }) => text)
      .join(' ');
  });

/** Waits until the page says of each word what both readings say. @param {import('playwright-core').Page} page @param {string} sentence @param {string} [positions] */
async function reads(page, sentence, positions = 'sines') {
  const [told, blind] = [await readingOf(positions, sentence), await readingOf('none', sentence)];
  const words = sentence.split(' ');
  const wanted = words.map(
    (word, i) =>
      `${word}, word ${i + 1} of ${words.length}. Told: ${toldIn(told.shares[i])}. Not told: ${toldIn(blind.shares[i])}`,
  );
  await page.waitForFunction((texts) => {
    const labels = [...document.querySelectorAll('.word')].map(
      (word) => word.getAttribute('aria-label') ?? '',
    );
    const place = (/** @type {string} */ label) => Number(/word (\d+)/.exec(label)?.[1]);
    return JSON.stringify(labels.sort((a, b) => place(a) - place(b))) === JSON.stringify(texts);
  }, wanted);
  return { told, blind };
}

const counts = (/** @type {import('playwright-core').Page} */ page) => page.locator('.count').allInnerTexts();

/** How many words, by their place in the new sentence, got another answer. @param {Reading} was @param {Reading} now @param {number[]} from */
const changes = (was, now, from) =>
  from.filter((before, i) => answerOf(was.shares[before]) !== answerOf(now.shares[i])).length;

test('the networks tell who did what, and the blind one does not', async () => {
  for (const name of ['learned', 'sines', 'rotary']) {
    const first = await readingOf(name, FIRST);
    assert.deepEqual(first.shares.map(answerOf), [
      'who',
      'who',
      'who',
      'did',
      'whom',
      'whom',
      'where',
      'where',
      'where',
      'when',
    ]);
    const swapped = await readingOf(name, SWAPPED);
    assert.deepEqual(swapped.shares.map(answerOf), [
      'who',
      'who',
      'did',
      'whom',
      'whom',
      'whom',
      'where',
      'where',
      'where',
      'when',
    ]);
    const passive = await readingOf(name, PASSIVE);
    assert.equal(answerOf(passive.shares[2]), 'whom');
    assert.equal(answerOf(passive.shares[7]), 'who');
    const unknown = await readingOf(name, UNKNOWN);
    assert.equal(answerOf(unknown.shares[1]), 'who');
    assert.equal(answerOf(unknown.shares[4]), 'whom');
  }
  const [first, swapped] = [await readingOf('none', FIRST), await readingOf('none', SWAPPED)];
  assert.equal(changes(first, swapped, [0, 5, 3, 4, 1, 2, 6, 7, 8, 9]), 0);
});

test('dog and cat trade places once by themselves: three answers change above, none below', async () => {
  const { page, complaints } = await browser.openPage();
  await page.locator('.count.told', { hasText: '3 of 10' }).waitFor();
  assert.deepEqual(await counts(page), ['3 of 10\nanswers changed', '0 of 10\nanswers changed']);
  await reads(page, SWAPPED);
  assert.equal(await sentenceOf(page), SWAPPED);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('whoever does something first ends the show', async () => {
  const { page } = await browser.openPage();
  await page.keyboard.press('Tab');
  await page.waitForTimeout(1500);
  assert.equal(await sentenceOf(page), FIRST);
  await page.context().close();
});

test('a word dragged by the mouse makes both networks read, and the counts are the library’s', async () => {
  const { page } = await browser.openPage({ hash: `order?s=the+dog+chased+the+cat&positions=learned` });
  const { told: was, blind: wasBlind } = await reads(page, 'the dog chased the cat', 'learned');
  const box = await page.getByRole('button', { name: /^cat,/ }).boundingBox();
  const goal = await page.getByRole('button', { name: /^dog,/ }).boundingBox();
  assert.ok(box && goal);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(goal.x + 10, goal.y + 20, { steps: 8 });
  await page.mouse.up();
  const { told, blind } = await reads(page, 'the cat dog chased the', 'learned');
  assert.equal(await sentenceOf(page), 'the cat dog chased the');
  const from = [0, 4, 1, 2, 3];
  assert.deepEqual(await counts(page), [
    `${changes(was, told, from)} of 5\nanswers changed`,
    `${changes(wasBlind, blind, from)} of 5\nanswers changed`,
  ]);
  await page.context().close();
});

test('keys walk, pick up, carry, drop, type, delete and undo', async () => {
  const { page } = await browser.openPage({ hash: 'order?s=the+dog+chased+the+cat&positions=learned' });
  await reads(page, 'the dog chased the cat', 'learned');
  await page.getByRole('button', { name: /^the, word 1/ }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Space');
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Space');
  await reads(page, 'the chased the cat dog', 'learned');
  assert.match((await page.locator(':focus').getAttribute('aria-label')) ?? '', /^dog, word 5/);
  await page.keyboard.press('Delete');
  await reads(page, 'the chased the cat', 'learned');
  await page.keyboard.press('Escape');
  await reads(page, 'the chased the cat dog', 'learned');
  await page.getByRole('button', { name: /^cat,/ }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('old Teacher');
  await page.keyboard.press('Enter');
  const { told } = await reads(page, 'the chased the old teacher dog', 'learned');
  assert.equal((await counts(page))[0], `${sureOf(told)} of 6\nanswers are sure`);
  await page.context().close();
});

test('the buttons’ sentences, each way of telling places, and the address', async () => {
  const { page, complaints } = await browser.openPage({ hash: 'order' });
  await page.getByRole('button', { name: 'was chased by' }).click();
  await reads(page, PASSIVE);
  await page.getByRole('button', { name: 'the wug daxed' }).click();
  await reads(page, UNKNOWN);
  await page.getByText('rotary', { exact: true }).click();
  await page.getByRole('button', { name: 'A longer sentence' }).click();
  await reads(page, LONGER, 'rotary');
  const { hash } = new URL(page.url());
  const other = await browser.openPage({ hash: hash.slice(1) });
  await reads(other.page, LONGER, 'rotary');
  await other.page.context().close();
  await page.getByRole('button', { name: 'Write your own' }).click();
  await page.getByRole('textbox', { name: 'Your sentence' }).fill('  ');
  await page.keyboard.press('Enter');
  await page.getByText('Type a word.').waitFor();
  await page.getByRole('textbox', { name: 'Your sentence' }).fill(`${'the '.repeat(31)}cat`);
  await page.keyboard.press('Enter');
  await page.getByText(/up to 30 words; this sentence has 32/).waitFor();
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('on a phone the sentence stands upright; a tap types, a finger that rests and moves carries', async () => {
  const { page, shoot } = await browser.openPage({
    ...{ hash: 'order?s=the+dog+chased+the+cat', viewport: { width: 390, height: 844 }, hasTouch: true },
  });
  await reads(page, 'the dog chased the cat');
  assert.ok(await page.locator('.stage.upright').count());
  await page.getByRole('button', { name: /^cat,/ }).tap();
  await page.keyboard.type('bird');
  await page.keyboard.press('Enter');
  await reads(page, 'the dog chased the bird');
  await shoot('order-phone-typed');
  await page.context().close();
});

test('the clocks are the library’s sines, and the marked column follows the keys', async () => {
  const { page } = await browser.openPage({ hash: 'order' });
  const clocks = page.getByRole('img', { name: /Clock hands of 10 words/ });
  await clocks.focus();
  await page.keyboard.press('Home');
  await page.getByText(/place 0: alike/).waitFor();
  const { encodings, similarity } = await import('../../web/index.js');
  const pe = await encodings();
  const alike = similarity(pe.sincos1d({ length: 10, dim: 12, base: 30 })).data;
  const seen = await page.locator('.clocks text.tick').allTextContents();
  const shownThere = seen.slice(-10).map((text) => Number(text.replace('−', '-')));
  shownThere.forEach((value, i) => {
    assert.ok(Math.abs(value - Number(alike[i])) <= 0.005 + 1e-9, `${value} ${alike[i]}`);
  });
  pe.dispose();
  await page.context().close();
});
