// The pages of the encodings: each function has one, whole, with a picture that shows something. Whether what they say is true is
// tested in options.test.js and examples.test.js; what all pages keep to, in site.test.js.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { numbersOf, PICTURES } from '../../demo/docs/pictures/index.js';
import { encodings } from '../../web/index.js';
import { buildPages, sectionsOf, textOf } from './pages.js';

const SECTIONS = ['Formula', 'Shapes', 'Options', 'Models', 'Source', 'Example'];

/** @type {Awaited<ReturnType<typeof buildPages>>} */
let built;
/** @type {import('../../web/encodings.js').Encodings} */
let pe;
/** @type {string[]} */
let names;

before(async () => {
  [built, pe] = await Promise.all([buildPages(), encodings()]);
  names = Object.keys(pe).filter((name) => name !== 'dispose');
});
after(() => {
  built.remove();
  pe.dispose();
});

/** @param {string} name */
const pageOf = (name) => built.pages.get(`${name}.html`) ?? assert.fail(`there is no page of ${name}`);

/** @param {string} page */
const imagesOf = (page) =>
  [...page.matchAll(/<img class="picture" src="([^"]+)" width="(\d+)" height="(\d+)" alt="([^"]*)"/g)].map(
    ([, file, width, height, alt]) => ({ file, width: Number(width), height: Number(height), alt }),
  );

test('every function of the facade has a page in which no section is empty, and no other has one', () => {
  for (const name of names) {
    const page = pageOf(name);
    assert.equal(textOf(/<h1>(.*?)<\/h1>/.exec(page)?.[1] ?? ''), name);
    assert.match(
      textOf(/<p class="summary">(.*?)<\/p>/.exec(page)?.[1] ?? ''),
      /\w.{20,}/,
      `${name}: summary`,
    );
    const sections = sectionsOf(page);
    assert.deepEqual([...sections.keys()], SECTIONS, name);
    for (const [title, content] of sections) {
      assert.ok(textOf(content).length >= 10, `${name}: ${title} says "${textOf(content)}"`);
    }
  }
  const pages = [...built.pages].filter(([, page]) => page.includes('id="formula"')).map(([file]) => file);
  assert.deepEqual(pages.sort(), names.map((name) => `${name}.html`).sort());
});

test('the list leads to every page', () => {
  const list = built.pages.get('encodings.html') ?? '';
  for (const name of names) assert.equal(list.split(`href="${name}.html"`).length, 2, name);
});

test('every page has a picture of other than one colour, in words too', async () => {
  for (const name of names) {
    const images = imagesOf(pageOf(name));
    assert.equal(images.length, 1, name);
    const [{ file, width, height, alt }] = images;
    assert.match(alt, /\w+ .{20,}/, `${name}: ${alt}`);
    // Read by another library than the one that wrote it.
    const { data, info } = await sharp(readFileSync(join(built.folder, file)))
      .flatten({ background: '#ffffff' })
      .raw()
      .toBuffer({ resolveWithObject: true });
    assert.deepEqual([info.width, info.height], [width, height], name);
    const colours = new Set();
    for (let i = 0; i < data.length; i += info.channels)
      colours.add(data[i] * 65536 + data[i + 1] * 256 + data[i + 2]);
    assert.ok(colours.size >= 5, `${name}: ${colours.size} colours`);
  }
});

test('the numbers that a picture shows differ from each other', () => {
  for (const name of names) {
    for (const { data } of numbersOf(pe, name, PICTURES[name](pe))) {
      const finite = Array.from(data, Number).filter(Number.isFinite);
      assert.ok(Math.max(...finite) > Math.min(...finite), `${name}: all are ${finite[0]}`);
    }
  }
});
