import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { decode } from 'fast-png';
import { load, Tensor } from '../../web/index.js';
import { startBrowser } from './browser.js';

// The page's numbers beside those that the library makes here, from the same models; what the page itself does to them
// (distances, products) is done again, from the trace, by other code.
const SENTENCE = ['the', 'dog', 'chased', 'the', 'cat'];
const TURNED = ['the', 'cat', 'chased', 'the', 'dog'];
const HELD = 5;
const TWIN = 2;

mkdirSync('build/screenshots', { recursive: true });
const browser = await startBrowser();
after(() => browser.close());

/** @type {Record<string, any>} */
const library = {};
before(async () => {
  for (const [name, folder] of [
    ['told', 'sines'],
    ['blind', 'none'],
  ]) {
    const encoder = await load(new URL(`../../demo/models/roles/${folder}/`, import.meta.url));
    const read = async (/** @type {string[]} */ words) =>
      encoder.forward(encoder.tokenize([words.join(' ')]), { trace: true });
    const [first, second] = [await read(SENTENCE), await read(TURNED)];
    library[name] = { encoder, first, second };
  }
});
after(() => {
  for (const { encoder } of Object.values(library)) encoder.dispose();
});

const row = (/** @type {any} */ tensor, /** @type {number} */ i) => [...tensor.slice(i).data];
const distance = (/** @type {number[]} */ a, /** @type {number[]} */ b) =>
  Math.sqrt(a.reduce((sum, x, k) => sum + (x - b[k]) ** 2, 0));
/** The six states that the page shows, of a trace. */
const states = (/** @type {any} */ { trace }) => [
  trace.embeddings.word,
  trace.embeddings.output,
  ...trace.layers.flatMap((/** @type {any} */ layer) => [layer.attention_norm, layer.output]),
];
const apart = (/** @type {string} */ name, /** @type {number} */ from, /** @type {number} */ to) => {
  const { first, second } = library[name];
  const others = states(second);
  return states(first).map((state, s) => distance(row(state, from), row(others[s], to)));
};
const shown = (/** @type {number} */ x) => (Math.abs(x) < 0.005 ? '0.00' : x.toFixed(2).replace('-', '−'));
const texts = (/** @type {import('playwright-core').Page} */ page, /** @type {string} */ selector) =>
  page.$$eval(selector, (all) => all.map((one) => one.textContent ?? ''));
const hashIs = (/** @type {import('playwright-core').Page} */ page, /** @type {string} */ start) =>
  page.waitForFunction((wanted) => location.hash.startsWith(wanted), start);

const FIRST = 's=the+dog+chased+the+cat&w=5';

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

test('an address restores an opened row, and the browser’s way back leads out', async () => {
  const { page, complaints, shoot } = await browser.openPage({
    hash: `inside/asks-2/head-2/chased/3?${FIRST}`,
  });
  await page.waitForSelector('.formula');
  assert.equal(await page.textContent('h1'), 'One multiplication');
  await page.click('.crumbs a >> nth=0');
  await page.waitForSelector('.loom');
  await page.goBack();
  await page.waitForSelector('.formula');
  for (const [path, title] of [
    ['word', 'cat is a row of numbers'],
    ['place', 'The place is a sum'],
    ['alone-2', 'cat works alone'],
    ['answers', 'cat answers'],
  ]) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `inside/${path}?${FIRST}`);
    await page.waitForFunction((wanted) => document.querySelector('h1')?.textContent === wanted, title);
    await shoot(`inside-1280-${path}`);
  }
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

test('one’s own sentence: unknown words are underlined, more than sixteen words are told of, an empty line asks for a word', async () => {
  const { page, complaints, shoot } = await browser.openPage({ hash: 'inside' });
  await page.click('text=Write your own');
  await page.fill('.writing input', 'the wug chased the cat');
  await page.waitForSelector('.word.unknown');
  assert.deepEqual(await texts(page, '.word.unknown'), ['wug']);
  await page.fill('.writing input', '');
  assert.equal(await page.textContent('.writing .fault'), 'Type a word.');
  await page.fill('.writing input', 'the dog '.repeat(9));
  assert.match((await page.textContent('.writing .fault')) ?? '', /learned from sentences of up to 16 words/);
  await page.fill('.writing input', 'the dog slept');
  await page.waitForFunction(() => document.querySelectorAll('.word').length === 3);
  await page.keyboard.press('Enter');
  assert.match((await texts(page, '.readout')).join(), /no two phrases to turn/);
  await page.focus('[role=gridcell][tabindex="0"]');
  await page.keyboard.press('Home');
  await page.keyboard.press('Alt+ArrowRight');
  await page.waitForFunction(() => /[?&]o=2.1.3/.test(location.hash));
  await page.evaluate(() => {
    location.hash = 'inside?s=the+old+dog+chased+the+cat+in+the+garden+yesterday&w=6';
  });
  await page.waitForFunction(() => document.querySelectorAll('.word').length === 10);
  await shoot('inside-1280-long');
  assert.deepEqual(complaints, []);
});

test('on a phone nothing scrolls sideways, in light and dark', async () => {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    const { page, complaints, shoot } = await browser.openPage({
      hash: 'inside',
      viewport: { width: 390, height: 844 },
      colorScheme,
    });
    await page.waitForSelector('.fork .apart');
    for (const path of [
      '',
      '/word',
      '/place',
      '/asks-2',
      '/asks-2/head-2/chased/3',
      '/alone-2',
      '/answers',
    ]) {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, `inside${path}?${FIRST}`);
      await page.waitForSelector(path ? '.opened h1' : '.loom');
      await page.waitForTimeout(200);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), path);
      await shoot(`inside-390-${colorScheme}${path.replaceAll('/', '-')}`);
    }
    assert.deepEqual(complaints, []);
  }
});

test('scrolling moves the ring and lays paper over what comes later; the table and its CSV hold the distances', async () => {
  const { page, complaints, shoot } = await browser.openPage({ hash: 'inside', colorScheme: 'dark' });
  await page.waitForSelector('.fork .apart');
  await page.keyboard.press('Shift');
  await page.waitForTimeout(300);
  const ring = () => page.getAttribute('.rail .ring', 'cy').then(Number);
  const before = await ring();
  await page.evaluate(() => scrollTo(0, 1500));
  await page.waitForFunction(
    (least) => Number(document.querySelector('.rail .ring')?.getAttribute('cy')) > least,
    before,
  );
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

/** The file that pressing a button saves. */
async function saved(/** @type {import('playwright-core').Page} */ page, /** @type {string} */ kind) {
  if (!(await page.isVisible('.save .chips'))) await page.click('.save summary');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(`.save >> text=${kind}`)]);
  const pieces = [];
  for await (const piece of await download.createReadStream()) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

test('pictures and numbers of the whole and of an opened row can be saved', async () => {
  const { page, complaints } = await browser.openPage({ hash: 'inside' });
  await page.waitForSelector('.fork .apart');
  await page.keyboard.press('Shift');
  await page.waitForTimeout(500);
  for (const path of ['', '/asks-2', '/place']) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `inside${path}?${FIRST}`);
    await page.waitForSelector({ '': '.loom', '/asks-2': '.asks', '/place': '.clocks' }[path] ?? '');
    const { width, height, data, channels } = decode(await saved(page, 'PNG'));
    assert.ok(width > 900 && height > 300, `${path} ${width} × ${height}`);
    const seen = new Set();
    for (let i = 0; i < data.length; i += channels)
      seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
    assert.ok(seen.size > 100, `${path} has ${seen.size} colours`);
    writeFileSync(
      `build/screenshots/inside-saved${path.replace('/', '-')}.png`,
      Buffer.from(await saved(page, 'PNG')),
    );
  }
  const npy = Tensor.fromNpy(await saved(page, 'NPY'));
  assert.deepEqual(npy.shape, [8, 32]);
  const { embeddings } = library.told.first.trace;
  assert.deepEqual([...npy.slice(0).data], row(embeddings.word, HELD));
  assert.deepEqual([...npy.slice(6).data], row(embeddings.output, HELD));
  assert.deepEqual(complaints, []);
});

test('T turns the sentence, a digit opens a head, page keys and swipes go on to the next step', async () => {
  const { page, complaints } = await browser.openPage({ hash: `inside/asks-2/head-2?${FIRST}` });
  await page.waitForSelector('.asks');
  await page.keyboard.press('4');
  await hashIs(page, '#inside/asks-2/head-4');
  await page.keyboard.press('t');
  await page.waitForFunction(() => location.hash.includes('s=the+cat+chased+the+dog&w=2'));
  await page.keyboard.press('PageDown');
  await hashIs(page, '#inside/alone-2');
  await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'cat works alone');
  const swipe = (/** @type {number} */ from, /** @type {number} */ to) =>
    page.evaluate(
      ([from, to]) => {
        const target = /** @type {Element} */ (document.querySelector('.opened h1'));
        const at = (/** @type {number} */ clientX) => [
          new Touch({ identifier: 1, target, clientX, clientY: 100 }),
        ];
        target.dispatchEvent(
          new TouchEvent('touchstart', { touches: at(from), changedTouches: at(from), bubbles: true }),
        );
        target.dispatchEvent(
          new TouchEvent('touchend', { touches: [], changedTouches: at(to), bubbles: true }),
        );
      },
      [from, to],
    );
  await swipe(300, 100);
  await hashIs(page, '#inside/answers');
  await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'cat answers');
  await swipe(100, 300);
  await hashIs(page, '#inside/alone-2');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.loom');
  assert.deepEqual(complaints, []);
});

test('who asks for less motion finds the whole finished, and rows open by a cut', async () => {
  const { page, complaints } = await browser.openPage({ hash: 'speed' });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.evaluate(() => {
    location.hash = 'inside';
    Reflect.set(document, 'startViewTransition', () => {
      throw new Error('it moves');
    });
  });
  await page.waitForSelector('.fork .apart');
  for (let i = 0; i < 10; i++) {
    assert.ok(await page.isHidden('.falling >> nth=0'));
    await page.waitForTimeout(150);
  }
  await page.click('.name >> nth=5');
  await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'cat works alone');
  assert.deepEqual(complaints, []);
});
