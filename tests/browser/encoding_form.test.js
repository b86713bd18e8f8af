// The form of the page's position encodings in a real Chromium: every option that is documented, errors in words, the
// state in the address, and every encoding that is offered.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Tensor } from 'wasmformer';
import { NAMES } from '../../web/documentation.js';
import { assertClose, encodingCases } from '../tutorials/golden.js';
import { startBrowser } from './browser.js';
import { inkAtEdge, openEncoding, saved } from './section.js';

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());

test('every option of sincos1d and sincos2d is in the form, and changes what is computed', async () => {
  const { section, complaints } = await openEncoding(browser, {
    name: 'sincos1d',
    length: 4,
    dim: 7,
    odd: 'split',
    preset: '',
  });
  const table = async () => Tensor.fromNpy(new Uint8Array(await saved(section, 'npy')));
  await section.getByText('More options').click();
  const labels = await section.locator('.fields label:not(.file)').allTextContents();
  const known =
    'length positions dim base layout order divisor odd guard offset scale padding maxLength preset';
  assert.deepEqual(labels.sort(), known.split(' ').sort());
  assert.deepEqual((await table()).shape, [4, 7]);
  await section.getByLabel('length', { exact: true }).fill('');
  await section.getByLabel('positions', { exact: true }).fill('0.5, -2, 0.5');
  await section.getByLabel('base', { exact: true }).fill('100');
  await section.getByLabel('layout', { exact: true }).selectOption('halves');
  await section.getByText('float32 [3, 7]').waitFor();
  const expected = [0.5, -2, 0.5].flatMap((p) => {
    const angles = [0, 1, 2, 3].map((i) => p / 100 ** (i / 3.5));
    return [...angles.map(Math.sin), ...angles.slice(0, 3).map(Math.cos)];
  });
  assertClose(await table(), { shape: [3, 7], data: expected }, 1e-6);
  await section.getByText('The same in code').click();
  const code = await section.locator('pre').innerText();
  assert.match(
    code,
    /pe\.sincos1d\(\{\s.*positions: \[0\.5, -2, 0\.5\].*base: 100.*layout: 'halves'.*\s\}\);/s,
  );
  assert.match(code, /npx wasmformer encoding sincos1d .*--positions 0\.5,-2,0\.5 .*-o sincos1d\.npy/s);
  await section.getByLabel('Encoding', { exact: true }).selectOption('sincos2d');
  await section.getByText('float32 [196, 64]').waitFor();
  const others = await section.locator('.fields label:not(.file)').allTextContents();
  const grid = 'height width dim base axes layout divisor guard tokens prefix preset';
  assert.deepEqual(others.sort(), grid.split(' ').sort());
  assert.deepEqual(complaints, []);
});

test('a wrong option is an error in words, and the next one is computed', async () => {
  const { section, complaints } = await openEncoding(browser, { name: 'sincos2d' });
  const alert = section.getByRole('alert');
  const dim = section.getByLabel('dim', { exact: true });
  await dim.fill('10');
  await alert.filter({ hasText: 'sincos2d: option "dim" must be a multiple of 4, not 10.' }).waitFor();
  assert.equal(await section.locator('canvas').isVisible(), false);
  await dim.fill('ten');
  await alert.filter({ hasText: 'option "dim" is “ten”; expected a number.' }).waitFor();
  assert.equal(await dim.getAttribute('aria-invalid'), 'true');
  await dim.fill('16');
  await section.getByText('float32 [196, 16]').waitFor();
  assert.equal(await section.locator('.error').textContent(), '');
  assert.deepEqual(complaints, []);
});

test('the address holds the encoding and its options, and forgets those of another', async () => {
  const { page, section, complaints } = await openEncoding(browser, { name: 'sincos1d', length: 12 });
  await section.getByText('float32 [12, 32]').waitFor();
  await section.getByLabel('dim', { exact: true }).fill('8');
  await section.getByText('float32 [12, 8]').waitFor();
  await page.reload();
  await section.getByText('float32 [12, 8]').waitFor();
  await section.getByLabel('Encoding', { exact: true }).selectOption('alibi');
  await section.getByText('float32 [4, 32, 32]').waitFor();
  const hash = await page.evaluate(() => location.hash);
  assert.equal(hash, '#pe=alibi&at=encodings');
  await section.getByLabel('Plane').fill('2');
  await section.getByText('query 0, key 0: 0').waitFor();
  const plane = Tensor.fromNpy(new Uint8Array(await saved(section, 'npy')));
  assert.equal(Number(plane.data[32]), -(2 ** -6));
  await page.getByRole('link', { name: 'Swin’s bias' }).click();
  assert.equal(await page.evaluate(() => location.hash), '#pe=alibi&at=encodings');
  assert.deepEqual(complaints, []);
});

test('an address opens at the section that it speaks of, and code is copied', async () => {
  const topOf = (/** @type {import('playwright-core').Page} */ page, /** @type {string} */ id) =>
    page.waitForFunction(
      (name) => Math.abs(document.getElementById(name)?.getBoundingClientRect().top ?? 99) < 2,
      id,
    );
  const { page, section } = await openEncoding(browser, { name: 'alibi', heads: 2, length: 3 });
  await topOf(page, 'encodings');
  await section.getByText('The same in code').click();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await section.getByRole('button', { name: 'Copy' }).click();
  await section.getByRole('button', { name: 'Copied' }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(
    copied,
    /^import \{ encodings \} from 'wasmformer\/encodings';\n[\s\S]*\nnpx wasmformer encoding alibi /,
  );
  for (const [hash, id] of [
    ['swin.window=4', 'window-bias'],
    ['sentences=a&pe=alibi&at=window-bias', 'window-bias'],
  ]) {
    const other = await browser.openPage({ hash });
    await topOf(other.page, id);
    await other.page.close();
  }
  const first = await browser.openPage({ hash: 'sentences=a%0Ab' });
  assert.equal(await first.page.evaluate(() => window.scrollY), 0);
});

test('every encoding is offered, and drawn as it comes with all of its labels, a table from a file too', async () => {
  const viewport = { width: 390, height: 844 };
  const { section, complaints } = await openEncoding(browser, { name: 'sincos1d' }, { viewport });
  const select = section.getByLabel('Encoding', { exact: true });
  const names = await select
    .locator('option')
    .evaluateAll((options) => options.map((option) => option.getAttribute('value') ?? ''));
  assert.deepEqual([...names].sort(), [...NAMES].sort());
  for (const name of names) {
    await select.selectOption(name);
    await section.locator(`canvas[aria-label^="${name}:"]`).waitFor();
    assert.equal(await section.locator('.error').textContent(), '', name);
    assert.equal(await inkAtEdge(section.locator('canvas').first()), 0, `${name}: labels are cut`);
  }
  const [{ inputs, outputs }] = encodingCases('relative_position_bias').filter(
    (one) => one.params.heads === 4,
  );
  await select.selectOption('windowBias');
  const file = {
    name: 'table.npy',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(inputs.table.toNpy()),
  };
  await section.getByLabel('A .npy file for table').setInputFiles(file);
  await section.getByLabel('window', { exact: true }).fill('4');
  await section.getByText('float32 [4, 16, 16]').waitFor();
  assertClose(Tensor.fromNpy(new Uint8Array(await saved(section, 'npy'))), outputs.out.tensor.slice(0), 0);
  assert.deepEqual(complaints, []);
});
