// *Turning on a grid* and *Time, row, column*: the arrows over the picture are the library's angles, the map is the product of turned
// vectors, whatever the order of tokens and channels that a preset has.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { encodings } from '../../web/index.js';
import { startBrowser } from './browser.js';
import { worst } from './figures.js';

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

/** The tips of the arrows, to the right and up, by colour. @param {import('playwright-core').Page} page */
const arrows = async (page) => {
  const paths = await page
    .locator('.patch-arrow')
    .evaluateAll((list) => list.map((path) => path.getAttribute('d') ?? ''));
  return paths.map((path) =>
    [...path.matchAll(/M([\d.-]+) ([\d.-]+)L([\d.-]+) ([\d.-]+)M[^M]*/g)].map(([, ...text]) => {
      const [x, y, endX, endY] = text.map(Number);
      return [(endX - x) / 16, (y - endY) / 16];
    }),
  );
};

/** @param {{ cos: any, sin: any }} table @param {number} token @param {number} channel */
const tipOf = ({ cos, sin }, token, channel) => {
  const at = token * cos.shape[1] + channel;
  return [Number(cos.data[at]), Number(sin.data[at])];
};
/** The mean cosine between the angles of two tokens. @param {{ cos: any, sin: any }} table @param {number} a @param {number} b */
function product(table, a, b) {
  const width = table.cos.shape[1];
  let sum = 0;
  for (let channel = 0; channel < width; channel++) {
    const [[x, y], [u, v]] = [tipOf(table, a, channel), tipOf(table, b, channel)];
    sum += (x * u + y * v) / width;
  }
  return sum;
}

/** Of a preset: the channels of hand 0 in the table, that of the row and that of the column; the tokens of patches. */
const PRESETS = [
  {
    label: 'plain',
    preset: undefined,
    channels: [0, 8],
    token: (/** @type {number} */ r, /** @type {number} */ c) => 10 * r + c,
  },
  {
    label: 'RoPE-ViT',
    preset: 'rope-vit',
    channels: [16, 0],
    token: (/** @type {number} */ r, /** @type {number} */ c) => 10 * r + c,
  },
  {
    label: 'Qwen2-VL',
    preset: 'qwen2-vl',
    channels: [0, 8],
    // Blocks of two by two.
    token: (/** @type {number} */ r, /** @type {number} */ c) =>
      20 * (r >> 1) + 4 * (c >> 1) + 2 * (r & 1) + (c & 1),
  },
  {
    label: 'Llama 4',
    preset: 'llama4',
    channels: [8, 0],
    token: (/** @type {number} */ r, /** @type {number} */ c) => 10 * r + c,
  },
];

test('arrows, products and the row of the numbers are those of the library, whatever the preset', async () => {
  const { page, complaints } = await browser.openPage({ hash: 'encodings/rope2d' });
  const held = page.locator('.held-patch output').first();
  await held.filter({ hasText: 'row 3, column 6' }).waitFor();
  const picture = page.getByRole('application', { name: 'The picture in patches' });
  const numbers = page
    .getByRole('application', { name: 'The numbers of Turning on a grid' })
    .locator('xpath=..')
    .locator('output')
    .first();
  const places = [
    [4, 6],
    [4, 5],
    [9, 5],
    [9, 9],
  ];
  for (const [i, { label, preset, channels, token }] of PRESETS.entries()) {
    await page.getByText(label, { exact: true }).click();
    const code = page.locator('.code-panel code');
    await (preset
      ? code.filter({ hasText: `preset: '${preset}'` })
      : code.filter({ hasNotText: 'preset' })
    ).waitFor();
    await picture.press(['ArrowDown', 'ArrowLeft', 'PageDown', 'End'][i]);
    const [row, column] = places[i];
    assert.equal(await held.innerText(), `Patch at row ${row}, column ${column}`);
    const table = pe.rope2d(/** @type {any} */ ({ height: 10, width: 10, dim: 32, base: 100, preset }));
    const shown = await arrows(page);
    channels.forEach((channel, axis) => {
      const wanted = Array.from({ length: 100 }, (_, patch) =>
        tipOf(table, token(Math.floor(patch / 10), patch % 10), channel),
      );
      assert.ok(worst(shown[axis].flat(), wanted.flat()) < 0.005, `${label}, axis ${axis}`);
    });
    assert.match(await numbers.innerText(), new RegExp(`^patch ${token(row, column)} · `));
    const other = row < 9 ? row + 1 : row - 1;
    const wanted = product(table, token(row, column), token(other, column));
    const text = await page.locator('.held-patch figcaption').nth(1).innerText();
    assert.ok(text.includes(`it is ${wanted.toFixed(4)} of its most`), `${label}: ${text}, not ${wanted}`);
  }
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('another hand is drawn, slower, and the address brings it back', async () => {
  const { page } = await browser.openPage({ hash: 'encodings/rope2d' });
  await page.locator('.held-patch output', { hasText: 'row 3, column 6' }).first().waitFor();
  const box = page.getByLabel('Hand that is drawn, exactly');
  await box.fill('5');
  await box.press('Enter');
  await page.locator('.held-patch figcaption', { hasText: 'Blue, pair 5,' }).waitFor();
  const table = pe.rope2d({ height: 10, width: 10, dim: 32, base: 100 });
  const wanted = Array.from({ length: 100 }, (_, patch) => tipOf(table, patch, 8 + 5));
  assert.ok(worst((await arrows(page))[1].flat(), wanted.flat()) < 0.005);
  const hash = new URL(page.url()).hash.slice(1);
  await page.context().close();
  const again = await browser.openPage({ hash });
  await again.page.locator('.held-patch figcaption', { hasText: 'Blue, pair 5,' }).waitFor();
  await again.page.context().close();
});

test('of a picture in a text the pairs of time stand still', async () => {
  const { page, complaints } = await browser.openPage({ hash: 'encodings/ropeSections' });
  await page.locator('.held-patch figcaption', { hasText: '4 of 16 pairs turn with time' }).waitFor();
  const table = pe.ropeSections({ height: 10, width: 10, dim: 32, sections: [4, 6, 6], base: 10 });
  const shown = await arrows(page);
  [4, 10].forEach((channel, axis) => {
    const wanted = Array.from({ length: 100 }, (_, patch) => tipOf(table, patch, channel));
    assert.ok(worst(shown[axis].flat(), wanted.flat()) < 0.005, `axis ${axis}`);
  });
  const text = await page.locator('.held-patch figcaption').nth(1).innerText();
  assert.ok(text.includes(`it is ${product(table, 36, 46).toFixed(4)} of its most`), text);
  assert.deepEqual(complaints, []);
  await page.context().close();
});
