// *One vector, turned* and *Stretched clocks*: hands, angles and curves are those of the library, by key and from the address.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { PICTURES } from '../../demo/docs/pictures/index.js';
import { encodings, Tensor } from '../../web/index.js';
import { startBrowser } from './browser.js';
import { curvesOf, worst } from './figures.js';

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
/** @type {import('../../web/encodings.js').Encodings} */
let pe;
before(async () => {
  [browser, pe] = await Promise.all([startBrowser(), encodings()]);
});
after(async () => {
  await browser.close();
  pe.dispose();
});

test('a vector at a place has its pairs turned by the angles of the library, and its length', async () => {
  const { page, complaints } = await browser.openPage({ hash: 'encodings/applyRope' });
  const ruler = page.getByRole('slider', { name: 'Place of the vector' });
  const told = page.locator('.turned-vector output');
  await told.filter({ hasText: 'At place 9' }).waitFor();
  const numbers = page
    .getByRole('application', { name: 'The numbers of One vector, turned' })
    .locator('xpath=..')
    .locator('output')
    .first();
  const options = /** @type {any} */ (PICTURES.applyRope(pe).options);
  const after = pe.applyRope(options).data;
  const [dim, half] = [32, 16];
  const before_ = Array.from(options.x.data.slice(0, dim), Number);
  const longest = Math.max(
    ...Array.from({ length: half }, (_, i) => Math.hypot(before_[i], before_[i + half])),
  );
  for (const [key, place] of /** @type {const} */ ([
    ['ArrowRight', 10],
    ['PageUp', 20],
    ['End', 63],
    ['PageDown', 53],
    ['ArrowLeft', 52],
    ['Home', 0],
  ])) {
    await ruler.press(key);
    await told.filter({ hasText: `At place ${place} ` }).waitFor();
    assert.match(await numbers.innerText(), new RegExp(`^position ${place} · `));
    const shown = await page.locator('.turned-vector .hand-dials > div').evaluateAll((list) =>
      list.map((one) => ({
        hands: [...one.querySelectorAll('.hand')].map((hand) => [
          Number(hand.getAttribute('x2')) / 32,
          -Number(hand.getAttribute('y2')) / 32,
        ]),
        angle: one.querySelector('.tick')?.textContent,
      })),
    );
    assert.equal(shown.length, half);
    shown.forEach(({ hands, angle }, i) => {
      const [x, y] = [Number(after[place * dim + i]), Number(after[place * dim + i + half])];
      assert.ok(worst(hands[0], [x / longest, y / longest]) < 0.001, `pair ${i} at ${place}`);
      assert.ok(worst(hands[1], [before_[i] / longest, before_[i + half] / longest]) < 0.001, `pair ${i}`);
      const { cos, sin } = options;
      const wanted =
        (Math.atan2(Number(sin.data[place * dim + i]), Number(cos.data[place * dim + i])) * 180) / Math.PI;
      assert.equal(Number(angle?.replace('°', '')), Math.round((wanted + 360) % 360) % 360);
    });
    const length = Math.hypot(...before_).toFixed(4);
    assert.equal(
      await told.innerText(),
      `At place ${place} the vector is ${length} long; unturned ${length}`,
    );
  }
  assert.deepEqual(complaints, []);
  await page.context().close();
});

/** @type {Record<string, any>} */
const RULES = {
  '': undefined,
  linear: { type: 'linear', factor: 8 },
  yarn: { type: 'yarn', factor: 8, originalLength: 2048 },
  llama3: { type: 'llama3', factor: 8, originalLength: 2048, lowFactor: 1, highFactor: 4 },
};
/** @param {any} scaling */
const frequencies = (scaling) =>
  Array.from(pe.ropeFrequencies({ dim: 64, base: 10000, scaling }).frequencies.data, Number);

test('the clocks are as fast as the library has them by each rule; a rule is that of the numbers too', async () => {
  const { page, complaints } = await browser.openPage({ hash: 'encodings/ropeFrequencies' });
  const plot = page.getByRole('slider', { name: 'Frequency by pair' });
  await plot.locator('path.curve').first().waitFor({ state: 'attached' });
  const curves = await curvesOf(plot, Math.log10);
  for (const [i, scaling] of Object.values(RULES).entries())
    assert.ok(worst(curves[i].y, frequencies(scaling).map(Math.log10)) < 0.02, `curve ${i}`);
  await plot.press('PageUp');
  await plot.press('ArrowLeft');
  const told = await page.locator('figcaption output').innerText();
  const around = Object.values(RULES).map((scaling) => Math.round((2 * Math.PI) / frequencies(scaling)[29]));
  assert.equal(
    told,
    `Pair 29 goes round once in ${['as trained', 'linear', 'YaRN', 'Llama 3'].map((name, i) => `${around[i]} tokens ${name}`).join(', ')}`,
  );
  await page.locator('.segments label', { hasText: 'YaRN' }).click();
  await page.locator('.code-panel code').filter({ hasText: "type: 'yarn'" }).waitFor();
  await page.locator('details.save summary').first().click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'NPY' }).first().click(),
  ]);
  const saved = Tensor.fromNpy(readFileSync(await file.path()));
  assert.ok(worst(Array.from(saved.data, Number), frequencies(RULES.yarn)) < 1e-7);
  assert.deepEqual(complaints, []);
  const hash = new URL(page.url()).hash.slice(1);
  assert.doesNotMatch(hash, /object/);
  await page.context().close();
  const again = await browser.openPage({ hash });
  await again.page.locator('.code-panel code').filter({ hasText: "type: 'yarn'" }).waitFor();
  assert.match(await again.page.locator('figcaption output').innerText(), /^Pair 29 /);
  await again.page.context().close();
});
