// Distances on rulers: buckets, stairs, the lens and the biases over them are the library's; keys and hands.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PICTURES } from '../../demo/docs/pictures/index.js';
import { STARTS } from '../../demo/rooms/encodings/figures/starts.js';
import { encodings } from '../../web/index.js';
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

const minus = (/** @type {number} */ x) => String(x).replace('-', '−');
const numberOf = (/** @type {string} */ text) => Number(text.replace('−', '-'));

/** @param {string} hash */
async function ruler(hash) {
  const { page, complaints } = await browser.openPage({ hash });
  const line = page.getByRole('slider', { name: 'Distance' });
  await line.locator('path.curve').waitFor({ state: 'attached' });
  return {
    ...{ page, complaints, line },
    told: () => page.locator('.ruler output').innerText(),
    lens: () => page.locator('.ruler-lens text').allTextContents(),
    settle: () =>
      page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))),
  };
}

/** Buckets of all distances from `from` on. @param {string} name @param {Record<string, any>} options @returns {number[]} */
const bucketsOf = (name, options) => Array.from(Reflect.get(pe, name)(options).data, Number);

for (const [name, options, walk] of /** @type {const} */ ([
  ['t5Buckets', { from: -160, to: 160 }, [20, 21, 11, 10, -160, -150, 160]],
  ['t5Buckets', { from: -60, to: 90, bidirectional: false }, [20, 21, 11, 10, -60, -50, 90]],
  ['debertaBuckets', { from: -600, to: 600, bucketSize: 64 }, [300, 301, 291, 290, -600, -590, 600]],
]))
  test(`${name} ${JSON.stringify(options)}: stairs, lens and read-out have the library's buckets`, async () => {
    const query = Object.entries(options).map(([key, value]) => `${key}=${value}`);
    const { page, complaints, line, told, lens, settle } = await ruler(
      `encodings/${name}?${query.join('&')}`,
    );
    const buckets = bucketsOf(name, options);
    const of = (/** @type {number} */ distance) => buckets[distance - options.from];
    const [{ x, y }] = await curvesOf(line);
    assert.ok(x.length > 20);
    x.forEach((at, i) => {
      const ends = [Math.floor(at + 0.02), Math.ceil(at - 0.02)];
      assert.ok(
        ends.some((end) => Math.abs(of(end) - y[i]) < 0.02 * buckets.length ** 0.5),
        `${at}: ${y[i]}`,
      );
    });
    const runs = buckets.filter((bucket, i) => bucket !== buckets[i - 1]).length;
    assert.equal(await line.locator('g:not([class]) > rect').count(), runs);
    await line.focus();
    for (const [i, key] of ['', 'ArrowRight', 'PageDown', 'ArrowLeft', 'Home', 'PageUp', 'End'].entries()) {
      if (key) await page.keyboard.press(key);
      await settle();
      const text = await told();
      assert.ok(text.startsWith(`distance ${minus(walk[i])}, `), text);
      assert.match(text, new RegExp(`bucket ${minus(of(walk[i]))}[ ,]`));
      const same = buckets.flatMap((bucket, k) => (bucket === of(walk[i]) ? [k + options.from] : []));
      const isInside = same[0] > options.from && same.length > 1 && !same.includes(options.to);
      if (isInside)
        assert.match(
          text,
          new RegExp(`by the ${same.length} from ${minus(same[0])} to ${minus(same.at(-1) ?? 0)}$`),
        );
      if (same.length === 1) assert.match(text, /its own$/);
      const pairs = await lens();
      for (let k = 0; k < pairs.length; k += 2)
        assert.equal(numberOf(pairs[k + 1]), of(numberOf(pairs[k])), pairs[k]);
    }
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

test('a hand sweeps the ruler, a click in the lens holds a neighbour, the address brings it back', async () => {
  const { page, line, told } = await ruler('encodings/t5Buckets');
  const box = /** @type {{ x: number, y: number, width: number }} */ (await line.boundingBox());
  const place = (/** @type {number} */ distance) =>
    box.x + 56 + ((distance + 160.5) / 321) * (box.width - 72);
  await page.mouse.move(place(-100), box.y + 100);
  await page.mouse.down();
  assert.match(await told(), /^distance −100, the key stands before/);
  await page.mouse.move(place(40), box.y + 100);
  await page.mouse.up();
  assert.match(await told(), /^distance 40, the key stands after/);
  const lens = page.locator('.ruler-lens');
  const { width } = /** @type {{ width: number }} */ (await lens.boundingBox());
  const count = await lens.locator('.bucket').count();
  await lens.click({ position: { x: ((count - 1) / 2 + 3.5) * (width / count), y: 30 } });
  assert.match(await told(), /^distance 43, /);
  const other = await ruler(new URL(page.url()).hash.slice(1));
  assert.equal(await other.told(), await told());
  await other.page.context().close();
  await page.context().close();
});

for (const name of ['t5Bias', 'disentangled'])
  test(`${name}: curves over a ruler of buckets are the library's`, async () => {
    const { page, complaints } = await browser.openPage({ hash: `encodings/${name}?query=15&key=3` });
    const figure = page.locator('.fan-figure');
    await figure.locator('path.curve').first().waitFor({ state: 'attached' });
    const options = { ...PICTURES[name](pe).options, ...STARTS[name] };
    const planes = Reflect.get(pe, name)(options).tolist();
    const wanted = (name === 'disentangled' ? planes[0] : planes).map(
      (/** @type {number[][]} */ plane) => plane[15],
    );
    const curves = await curvesOf(figure);
    [...wanted.slice(1), wanted[0]].forEach((values, i) => {
      assert.ok(worst(curves[i].y, values) < 0.03, `curve ${i}`);
    });
    const bucket =
      name === 't5Bias'
        ? pe.t5Buckets({ distances: [-12] }).data[0]
        : pe.debertaBuckets({ distances: [12], bucketSize: 16, maxPosition: 32 }).data[0];
    assert.match(
      await page.locator('.fan output').innerText(),
      new RegExp(` · bucket ${bucket}, shared by the `),
    );
    // Keys share a colour as they share a bucket.
    const colours = await figure
      .locator('.fan-bucket')
      .evaluateAll((all) => all.map((one) => Reflect.get(one, 'style').fill));
    const of = colours.map((_, key) =>
      name === 't5Bias'
        ? pe.t5Buckets({ distances: [key - 15] }).data[0]
        : pe.debertaBuckets({ distances: [15 - key], bucketSize: 16, maxPosition: 32 }).data[0],
    );
    for (let key = 1; key < of.length; key++)
      assert.equal(colours[key] === colours[key - 1], of[key] === of[key - 1], `key ${key}`);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

test('of the two ways of asking one is shown alone', async () => {
  const { page } = await browser.openPage({ hash: 'encodings/disentangled?query=15' });
  const figure = page.locator('.fan-figure');
  await figure.locator('path.curve').first().waitFor({ state: 'attached' });
  await page.getByText('key asks', { exact: true }).click();
  await page.locator('.code-panel code').filter({ hasText: 'p2c' }).waitFor();
  const options = /** @type {any} */ ({
    ...PICTURES.disentangled(pe).options,
    ...STARTS.disentangled,
    terms: ['p2c'],
  });
  const planes = /** @type {any} */ (pe.disentangled(options).tolist())[0];
  const curves = await curvesOf(figure);
  assert.ok(worst(curves[1].y, planes[0][15]) < 0.03);
  await page.context().close();
});
