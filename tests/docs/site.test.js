// What all pages of the documentation keep to: nothing that a strict policy forbids, links that lead somewhere, headings in order;
// and that every fact of the repository's Markdown has a page.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { sectionsOf } from '../../demo/docs/site/markdown.js';
import { GROUPS } from '../../demo/docs/site/pages.js';
import { buildPages, textOf } from './pages.js';

const ROOT = new URL('../../', import.meta.url);

/** @type {Awaited<ReturnType<typeof buildPages>>} */
let built;
before(async () => {
  built = await buildPages();
});
after(() => built.remove());

/** @param {string} page @returns {string[]} its anchors */
const anchorsOf = (page) => [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);

test('links lead to files and anchors that are there, or by https elsewhere', () => {
  let count = 0;
  for (const [file, page] of built.pages) {
    for (const [, target] of page.matchAll(/\s(?:href|src)="([^"]+)"/g)) {
      if (/^https:\/\/[\w.]+\//.test(target) || target === 'https://semver.org' || target === '../') continue;
      const [other, anchor] = target.split('#');
      assert.ok(other === '' || built.files.has(other), `${file} links to ${target}`);
      const page = built.pages.get(other || file) ?? '';
      assert.ok(anchor === undefined || anchorsOf(page).includes(anchor), `${file} links to ${target}`);
      count++;
    }
  }
  assert.ok(count > 1000, `${count} links`);
});

test('an anchor stands once on its page', () => {
  for (const [file, page] of built.pages) {
    const anchors = anchorsOf(page);
    assert.deepEqual(
      anchors.filter((anchor, i) => anchors.indexOf(anchor) < i),
      [],
      file,
    );
  }
});

test('pages hold no style and no script but the one that copies code', () => {
  for (const [file, page] of built.pages) {
    const rest = page
      .replace('<script type="module" src="copy.js"></script>', '')
      .replace(/<code>.*?<\/code>/gs, '');
    assert.doesNotMatch(rest, /<script|<style|<!--|\sstyle=|\son\w+=|javascript:|"data:/i, file);
  }
});

test('headings go down one level at a time, and every page names its language and itself', () => {
  for (const [file, page] of built.pages) {
    assert.match(page, /<html lang="en">/, file);
    assert.match(page, /<title>[^<]+<\/title>/, file);
    const levels = [...page.matchAll(/<h([1-6])[ >]/g)].map(([, level]) => Number(level));
    assert.equal(levels.filter((level) => level === 1).length, 1, file);
    for (const [i, level] of levels.entries())
      assert.ok(level <= (levels[i - 1] ?? 0) + 1, `${file}: h${level}`);
  }
});

test('every guide has a page, and every section of the README stands on one', () => {
  const sources = GROUPS.flatMap(({ pages }) => pages.map(({ source }) => source));
  for (const guide of readdirSync(new URL('demo/docs/guides', ROOT)))
    assert.ok(sources.includes(`demo/docs/guides/${guide}`), guide);
  const all = [...built.pages.values()].map((page) => textOf(page.slice(page.indexOf('<main'))));
  // Contributing and the licence are files of their own.
  const readme = sectionsOf(readFileSync(new URL('README.md', ROOT), 'utf8'));
  const told = readme.filter(({ heading }) => !/^(Building|Licence)/.test(heading));
  assert.ok(told.length > 10);
  for (const { heading, text } of told) {
    const plain = text
      .replace(/!\[.*?\]|```.*?```|<!--.*?-->|`[^`]*`|\]\(.*?\)/gs, '\0')
      .replace(/\s+/g, ' ');
    const sentences = plain.match(/[A-Za-z ,.;:]{40,}/g) ?? [];
    assert.ok(sentences.length > 0, heading);
    for (const sentence of sentences)
      assert.ok(
        all.some((page) => page.includes(sentence.trim())),
        `${heading}: ${sentence}`,
      );
  }
});
