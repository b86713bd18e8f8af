// The room Sentences in Chromium as it comes: what the page shows equals the library's own answers in Node.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { placesOf } from '../../demo/rooms/sentences/places.js';
import { QUESTIONS, SENTENCES, TOPIC_OF } from '../../demo/rooms/sentences/texts.js';
import { loadTokenizer, similarity } from '../../web/index.js';
import { MINILM, startBrowser } from './browser.js';
import {
  attentionOf,
  encoder,
  expectedRows,
  openSentences,
  recallOf,
  rows,
  saved,
  shownMap,
  worst,
} from './sentences.js';

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());
/** @param {string} [state] @param {import('./browser.js').PageOptions} [options] */
const open = (state, options) => openSentences(browser, state, options);

test('the page ranks its sentences by the cosines of the library’s int8 vectors, whichever question is pressed', async () => {
  const { page, complaints } = await open('?all=1');
  for (const question of QUESTIONS) {
    await page.getByRole('button', { name: question, exact: true }).click();
    await page.waitForFunction(
      (text) => document.querySelector(`.chip[aria-pressed="true"]`)?.textContent === text,
      question,
    );
    assert.deepEqual(await rows(page), await expectedRows(question, SENTENCES, 'int8'), question);
  }
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('the nearest to each question shares none of its telling words, and the page says so', async () => {
  const small = new Set('a the in is how do i get to of at for some something'.split(' '));
  const wordsOf = (/** @type {string} */ text) =>
    text
      .toLowerCase()
      .split(/\W+/)
      .filter((word) => word && !small.has(word));
  const { page } = await open();
  for (const question of QUESTIONS) {
    const [[nearest]] = await expectedRows(question, SENTENCES, 'float32');
    const shared = wordsOf(question).filter((word) => wordsOf(nearest).includes(word));
    assert.deepEqual(shared, [], `${question}: ${nearest}`);
    await page.getByRole('button', { name: question, exact: true }).click();
    const words = wordsOf(question).map((word) => `“${word}”`);
    const says = words.length > 1 ? 'says neither' : 'does not say';
    await page.getByText(`The nearest ${says} ${words.join(' nor ')}.`, { exact: true }).waitFor();
  }
  await page.context().close();
});

test('recall by numbers kept is that of embed with dimensions and precision, for all texts and for the question', async () => {
  const { page, complaints } = await open();
  for (const kept of [16, 128, 384]) {
    const box = page.getByRole('spinbutton', { name: 'Numbers kept, exactly' });
    await box.fill(String(kept));
    await box.press('Enter');
    await page.getByText(new RegExp(`^at ${kept}: `)).waitFor();
    const told = await page.getByText(/^at \d+: /).innerText();
    const parts = [];
    for (const [place, precision] of /** @type {['int8' | 'ubinary', any][]} */ ([
      ['int8', 0],
      ['ubinary', 1],
    ]).entries()) {
      const found = await recallOf(kept, precision[0]);
      parts.push(`${((100 * found.flat().filter(Boolean).length) / found.flat().length).toFixed(0)} %`);
      const row = page.locator('.found').nth(place).locator('i');
      const shown = await row.evaluateAll((marks) => marks.map(({ className }) => className === 'yes'));
      assert.deepEqual(shown, found[SENTENCES.length], `${kept} ${precision[0]}`);
    }
    assert.equal(
      told,
      `at ${kept}: 8 bits ${parts[0]}, 1 bit ${parts[1]} · ${kept} and ${kept / 8} bytes instead of 1536`,
    );
  }
  assert.match(page.url(), /n=384/);
  const [head, ...lines] = parse(String(await saved(page, 'section:has(.recall)', 'CSV')));
  assert.deepEqual(head, ['', '8 bits', '1 bit']);
  assert.equal(lines.length, 24);
  const at = (await recallOf(64, 'int8')).flat();
  assert.ok(Math.abs(Number(lines[3][1]) - at.filter(Boolean).length / at.length) < 1e-6);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('the map has the principal directions of the topics, and its question the weighted mean of its five nearest', async () => {
  const { page } = await open();
  const places = placesOf(await encoder.embed([...SENTENCES]), TOPIC_OF);
  const [head, ...lines] = parse(String(await saved(page, '.mapping', 'CSV')));
  assert.deepEqual(head, ['', 'x', 'y']);
  assert.deepEqual(
    lines.map(([text]) => text),
    SENTENCES,
  );
  for (const [i, [, x, y]] of lines.entries()) {
    assert.ok(Math.abs(Number(x) - places[i][0]) < 1e-4, SENTENCES[i]);
    assert.ok(Math.abs(Number(y) - places[i][1]) < 1e-4, SENTENCES[i]);
  }
  const [asked, found] = [await encoder.embed([QUESTIONS[0]]), await encoder.embed([...SENTENCES])];
  const near = [...similarity(asked, found).data]
    .map((c, i) => ({ c: Number(c), i }))
    .sort((a, b) => b.c - a.c)
    .slice(0, 5);
  const sum = near.reduce((total, { c }) => total + c, 0);
  const wanted = [0, 1].map((k) => near.reduce((total, { c, i }) => total + (c / sum) * places[i][k], 0));
  // The drawing's own scale, from two of its dots.
  const drawn = await page.evaluate(() => {
    const dots = [...document.querySelectorAll('.map .dots circle')].map((dot) => [
      Number(dot.getAttribute('cx')),
      Number(dot.getAttribute('cy')),
    ]);
    const mark = document
      .querySelector('.map .mark')
      ?.getAttribute('transform')
      ?.match(/[\d.]+/g)
      ?.map(Number);
    return { dots, mark };
  });
  const left = places.reduce((best, [x], i) => (x < places[best][0] ? i : best), 0);
  const right = places.reduce((best, [x], i) => (x > places[best][0] ? i : best), 0);
  const scale = (drawn.dots[right][0] - drawn.dots[left][0]) / (places[right][0] - places[left][0]);
  for (const k of [0, 1]) {
    const expected = drawn.dots[left][k] + scale * (wanted[k] - places[left][k]);
    assert.ok(Math.abs(Number(drawn.mark?.[k]) - expected) < 1, `${drawn.mark} ${expected}`);
  }
  const png = await saved(page, '.mapping', 'PNG');
  assert.equal(png.subarray(1, 4).toString(), 'PNG');
  await page.context().close();
});

test('a head that looks at the word before is open at first, of all that which does it most', async () => {
  const { page, complaints } = await open();
  const shares = Array.from({ length: 72 }, () => 0);
  for (const question of QUESTIONS) {
    const { attentions } = await encoder.forward(encoder.tokenize([question]), { attentions: true });
    for (let i = 0; i < 72; i++) {
      const map = /** @type {any} */ (attentions[Math.floor(i / 12)].tolist())[0][i % 12];
      const words = map
        .slice(2, -1)
        .map((/** @type {number[]} */ row, /** @type {number} */ k) => row[k + 1]);
      shares[i] +=
        words.reduce((/** @type {number} */ sum, /** @type {number} */ x) => sum + x, 0) / words.length / 6;
    }
  }
  const best = shares.indexOf(Math.max(...shares));
  assert.ok(shares[best] > 0.9);
  const section = page.getByRole('region', { name: 'Attention' });
  await section
    .getByText(
      `Layer ${Math.floor(best / 12) + 1} of 6, head ${(best % 12) + 1}: each word looks at the one before it`,
    )
    .waitFor();
  const map = await attentionOf(QUESTIONS[0], Math.floor(best / 12), best % 12);
  assert.ok(worst(await shownMap(page), map) <= 0.5 / 255 + 1e-6);
  assert.match(await section.locator('output').innerText(), /“sleepy” looks at “a”: 100 %/);

  // By keys: the third layer, the last head, another cell.
  const slider = section.getByRole('slider', { name: 'Layer' });
  await slider.press('ArrowRight');
  await slider.press('ArrowRight');
  await section.getByRole('radio', { name: 'Head 3', exact: true }).press('End');
  await section.getByText(/^Layer 3 of 6, head 12: /).waitFor();
  const other = await attentionOf(QUESTIONS[0], 2, 11);
  assert.ok(worst(await shownMap(page), other) <= 0.5 / 255 + 1e-6);
  const canvas = section.getByRole('application');
  await canvas.press('ArrowDown');
  await canvas.press('ArrowRight');
  const told = await section.locator('output').innerText();
  assert.equal(
    told,
    `“pet” looks at “sleepy”: ${(100 * (Math.round(255 * other[3][2]) / 255)).toFixed(0)} %`,
  );
  assert.match(page.url(), /head=3\.12&cell=3\.2/);
  await page.reload();
  await section.getByText(told).waitFor();
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('the pieces are the tokenizer’s', async () => {
  const tokenizer = await loadTokenizer(MINILM);
  const { page } = await open();
  await page.locator('.reading').nth(1).waitFor();
  const shown = await page
    .locator('.pieces')
    .evaluateAll((lists) =>
      lists.map((list) =>
        [...list.children].map((piece) => [
          piece.getAttribute('title'),
          Number(piece.querySelector('.tick')?.textContent),
        ]),
      ),
    );
  for (const [i, text] of [QUESTIONS[0], SENTENCES[0]].entries()) {
    const { tokens, ids } = tokenizer.encode(text);
    assert.deepEqual(
      shown[i],
      tokens.map((token, k) => [token, ids[k]]),
      text,
    );
  }
  assert.equal(await page.locator('.piece.rest span').first().innerText(), 'ill');
  await page.context().close();
});

test('a sentence is held and asked with by keys, and the address brings it back', async () => {
  const { page, complaints } = await open();
  const list = page.getByRole('listbox');
  await list.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const held = page.getByRole('option', { selected: true });
  const [, [second]] = await expectedRows(QUESTIONS[0], SENTENCES, 'int8');
  assert.equal(await held.locator('mark').innerText(), second);
  assert.equal(await page.locator('.map .dots .held').count(), 1);
  assert.equal(await page.locator('.map .label').textContent(), second);
  await page.getByText('the sentence held').waitFor();
  assert.match(page.url(), new RegExp(`hold=${second.replaceAll(' ', '\\+')}`));
  await page.reload();
  assert.equal(await held.locator('mark').innerText(), second);
  await list.focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(
    (text) => /** @type {HTMLInputElement} */ (document.querySelector('.question')).value === text,
    second,
  );
  assert.deepEqual(
    (await rows(page)).slice(0, 11),
    (await expectedRows(second, SENTENCES, 'int8')).slice(0, 11),
  );
  await page.getByText('for others load MiniLM, or drop its folder').waitFor();
  assert.deepEqual(complaints, []);
  await page.context().close();
});
