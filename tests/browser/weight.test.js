// What comes over the line before one sees and does something: the first screen with the core, and what a room adds to it. Sizes of
// the built files as a static host sends them; the benchmark measures the same on the line.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { chunkSizes, closureOf } from '../bench/page-files.js';

const SITE = new URL('../../build/site/', import.meta.url);

/** Kilobytes; fonts are pressed already. @param {string} path */
const size = (path) => {
  const bytes = readFileSync(new URL(path, SITE));
  return (path.endsWith('.woff2') ? bytes : gzipSync(bytes)).length / 1000;
};

test('the first screen is 150 KB at most: page, style, scripts, fonts, the baked example, the core', () => {
  const page = readFileSync(new URL('index.html', SITE), 'utf8').replace(/<noscript>.*?<\/noscript>/s, '');
  const named = [...page.matchAll(/(?:href|src)="(assets\/[^"]+)"/g)].map(([, path]) => path);
  const scripts = closureOf(named.filter((path) => path.endsWith('.js')).map((path) => path.split('/')[1]));
  const core = readdirSync(new URL('assets', SITE)).find((name) => name.startsWith('wasmformer-relaxed'));
  const all = new Set(['index.html', ...named, ...[...scripts, core].map((name) => `assets/${name}`)]);
  const sizes = [...all].map((path) => /** @type {const} */ ([path, size(path)]));
  const sum = sizes.reduce((total, [, kb]) => total + kb, 0);
  assert.ok(all.size > 8 && sum > 100, 'the files are found');
  assert.ok(sum <= 150, `${sum} KB: ${sizes.map(([path, kb]) => `${path} ${kb.toFixed(1)}`).join(', ')}`);
});

test('Inside adds 30 KB at most, and no room adds the whole library', () => {
  const added = new Map(chunkSizes());
  assert.ok((added.get('inside') ?? 99) <= 30, `${added.get('inside')} KB`);
  for (const [room, kb] of added) assert.ok(kb > 1 && kb <= 110, `${room}: ${kb} KB`);
});
