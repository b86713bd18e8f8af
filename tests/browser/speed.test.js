// The room Speed in Chromium: published times are those of RESULTS.md; what is measured is told whole, saved, linked and cancelled.
// How fast it is, is not tested.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { spreadOf } from '../../demo/rooms/speed/statistics.js';
import { WORKLOADS } from '../../demo/rooms/speed/workloads.js';
import { findWorkload } from '../bench/workloads.js';
import { startBrowser } from './browser.js';

/** @typedef {import('playwright-core').Page} Page */

const read = (/** @type {string} */ path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

/** @param {string} [state] @param {import('./browser.js').PageOptions} [options] */
async function open(state = '', options = {}) {
  const opened = await browser.openPage({ hash: `speed${state}`, ...options });
  await opened.page.locator('.speed tbody tr').first().waitFor();
  return opened;
}

/** @param {Page} page @returns {Promise<string[][]>} of each workload: its name, median, GFLOP/s, published, ratio */
const table = (page) =>
  page
    .locator('.speed tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) =>
        [row.querySelector('.name'), ...row.querySelectorAll('.figure')].map(
          (cell) => cell?.textContent ?? '',
        ),
      ),
    );

/** @param {Page} page */
async function savedJson(page) {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save JSON' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'wasmformer-speed.json');
  return JSON.parse(readFileSync(await download.path(), 'utf8'));
}

test('quartiles are NumPy’s', () => {
  // numpy.percentile([7, 1, 3, 10], [50, 25, 75]) and of [2]
  assert.deepEqual(spreadOf([7, 1, 3, 10]), { median: 5, low: 2.5, high: 7.75 });
  assert.deepEqual(spreadOf([2]), { median: 2, low: 2, high: 2 });
});

test('the page’s own text model has the sizes of its file, and MiniLM’s those of its config', () => {
  const sizes = ['hidden_size', 'num_hidden_layers', 'num_attention_heads', 'intermediate_size'];
  for (const [key, path] of [
    ['own', 'demo/models/roles/sines/config.json'],
    ['minilm-1x128', '.cache/minilm/config.json'],
  ]) {
    const given = WORKLOADS.find((workload) => workload.key === key)?.text?.config;
    const file = JSON.parse(read(path));
    for (const size of sizes) assert.equal(given?.[size], file[size], `${key} ${size}`);
  }
});

test('before anything is measured the published times stand there, as RESULTS.md has them', async () => {
  const { page, complaints } = await open();
  const results = read('tests/bench/RESULTS.md');
  for (const [i, [name, median, gflop, published, ratio]] of (await table(page)).entries()) {
    const workload = WORKLOADS[i];
    assert.deepEqual([name, median, gflop, ratio], [workload.name, '–', '–', '']);
    const pattern = new RegExp(
      `^\\| ${workload.published?.replaceAll('.', '\\.')}[ ,][^|]*\\| +([\\d.]+) `,
      'm',
    );
    const [, milliseconds] = (workload.published && pattern.exec(results)) || [];
    assert.equal(published, milliseconds ? `${Number(milliseconds)} ms` : '–', name);
  }
  await page.getByText('published: AMD EPYC, 2 cores, linux x64; Node 24.').waitFor();
  assert.ok(await page.getByRole('button', { name: 'Save JSON' }).isDisabled());
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('while it measures the page lives; cancelled, what was measured stands, and a link brings it back', async () => {
  const { page, complaints, shoot } = await open();
  await page.getByRole('button', { name: 'Measure' }).click();
  const frames = await page.evaluate(async () => {
    const start = document.querySelectorAll('.speed .time').length;
    let count = 0;
    while (document.querySelectorAll('.speed .time').length < start + 3) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      count++;
    }
    return count;
  });
  assert.ok(frames > 20, `${frames} ticks`);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Measure again' }).waitFor();
  const rows = await table(page);
  assert.match(rows[0][1], /^[\d.]+ ms[\d.]+–[\d.]+$/);
  assert.equal(rows[6][1], '–');
  const report = await savedJson(page);
  assert.ok(report.results.length >= 3 && report.results.length < 7);
  for (const { key, build, samples, median, low, high, repetitions, unit } of report.results) {
    assert.ok(
      WORKLOADS.some((workload) => workload.key === key) && build === 'relaxed' && unit === 'ms',
      key,
    );
    assert.equal(repetitions, samples.length);
    assert.ok(samples.every((/** @type {number} */ x) => x > 0));
    assert.deepEqual({ median, low, high }, spreadOf(samples));
  }
  const { environment, published } = report;
  assert.equal(environment.userAgent, await page.evaluate(() => navigator.userAgent));
  assert.match(environment.browser, /^Chromium \d+$/);
  assert.equal(environment.relaxedSimd, true);
  assert.equal(environment.version, JSON.parse(read('package.json')).version);
  assert.equal(published.source, 'tests/bench/RESULTS.md');

  const medians = rows.map(([, median]) => Number.parseFloat(median));
  await page.goto(page.url().replace('#', '?again#'));
  await page.getByText(/^From the link: Chromium \d+, \d+ cores\. Measure to see this tab’s\.$/).waitFor();
  for (const [i, [, median]] of (await table(page)).entries()) {
    if (Number.isNaN(medians[i])) assert.equal(median, '–');
    else
      assert.ok(
        Math.abs(Number.parseFloat(median) - medians[i]) <= 1e-2 * medians[i],
        `${median} ${medians[i]}`,
      );
  }
  await shoot('speed-link-1280-light');
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('all workloads are measured on the best build, with the operations that the benchmark counts, and copied as a table', async () => {
  const { page, complaints, shoot } = await open();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Measure' }).press('Enter');
  await page.getByRole('button', { name: 'Measure again' }).waitFor({ timeout: 200_000 });
  const { results } = await savedJson(page);
  assert.deepEqual(
    results.map((/** @type {{ key: string }} */ { key }) => key),
    WORKLOADS.map(({ key }) => key),
  );
  const rows = await table(page);
  for (const [i, { gflop, median, samples }] of results.entries()) {
    assert.ok(samples.length >= 5);
    const { published } = WORKLOADS[i];
    if (published && !published.startsWith('sincos')) {
      const counted = findWorkload(published).gflop;
      assert.ok(Math.abs(gflop - counted) < 1e-5 * counted);
    }
    if (gflop) assert.equal(rows[i][2], ((1000 * gflop) / median).toFixed(1));
  }
  await page.getByRole('button', { name: 'Copy as table' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  const lines = text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'));
  assert.equal(lines.length, 1 + WORKLOADS.length);
  assert.ok(
    lines[5].startsWith(`| A text: MiniLM’s size, 128 tokens | relaxed | ${rows[4][1].split(' ')[0]} |`),
    lines[5],
  );
  await shoot('speed-measured-1280-light');
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('what is no time in an address is left out, both builds are shown beside each other, also on a phone', async () => {
  const relaxed = [
    '1.5_1.4_1.6',
    'x_1_2',
    '3_2',
    '5_6_4',
    '60_59_61',
    '-1_-2_3',
    '1e9_1e9_1e9',
    '4_3_5',
  ].join('~');
  const { page, complaints, shoot } = await open(
    `?build=both&relaxed=${relaxed}&base=2_1_3&on=Firefox+150,+8+cores`,
    {
      viewport: { width: 390, height: 844 },
      colorScheme: 'dark',
    },
  );
  await page.getByText('From the link: Firefox 150, 8 cores.').waitFor();
  const medians = (await table(page)).map(([, median]) => median);
  assert.deepEqual(medians, ['1.50 msrelaxed2.00 msbase', '–', '–', '–', '60.0 ms59.0–61.0', '–', '–']);
  assert.ok(await page.getByRole('radio', { name: 'both builds' }).isChecked());
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
  await shoot('speed-link-390-dark');
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('a thread that cannot be started is told, and the page goes on', async () => {
  const { page } = await open();
  await page.route('**/assets/worker-*.js', (route) => route.abort());
  await page.getByRole('button', { name: 'Measure' }).click();
  await page.getByText('The thread that measures could not be started: is there a network?').waitFor();
  assert.ok(await page.getByRole('button', { name: 'Measure' }).isEnabled());
  await page.context().close();
});
