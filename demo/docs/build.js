/**
 * Writes the documentation: `node demo/docs/build.js`, into build/docs. What pages of encodings say comes from the encodings' tables,
 * their pictures from running them; the API's page from the comments of the sources; the others from README and the guides.
 */
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { documentationOf, NAMES } from '../../web/documentation.js';
import { encodings } from '../../web/index.js';
import { functionPage, indexPage } from './page.js';
import { draw, PICTURES } from './pictures/index.js';
import { referencePage } from './reference/page.js';
import { layout } from './site/layout.js';
import { BESIDE } from './site/pages.js';
import { PICTURES as README_PICTURES, writtenPages } from './site/written.js';
import { TOPICS } from './topics.js';

/** @typedef {import('./page.js').Entry} Entry */

const STATIC = {
  'icon.svg': '../icon.svg',
  'docs.css': 'docs.css',
  'copy.js': 'copy.js',
};

/**
 * @param {string} folder is made; what it held is removed
 * @returns {Promise<number>} how many pages there are
 * @throws {Error} a function that no topic or no picture names
 */
export async function buildDocs(folder) {
  const order = TOPICS.flatMap((topic) => topic.functions.map((name) => ({ name, topic })));
  for (const name of NAMES) {
    const count = order.filter((place) => place.name === name).length;
    if (count !== 1) throw new Error(`demo/docs/topics.js names ${name} ${count} times; expected once`);
    if (!(name in PICTURES)) throw new Error(`demo/docs/pictures has no picture of ${name}`);
  }
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  let pages = 0;
  const write = async (/** @type {string} */ file, /** @type {string | Uint8Array} */ data) => {
    await writeFile(join(folder, file), data, { flag: 'wx' }); // No page takes another's name.
    if (file.endsWith('.html')) pages++;
  };
  const pe = await encodings();
  /** @type {Map<string, Entry>} */
  const entries = new Map();
  for (const { name } of order) {
    if (!NAMES.includes(name)) throw new Error(`demo/docs/topics.js names ${name}, which is no encoding`);
    const picture = PICTURES[name](pe);
    const { bytes, ...drawn } = await draw(pe, name, picture);
    await write(drawn.file, bytes);
    entries.set(name, { documentation: documentationOf(name), picture: { ...drawn, about: picture.about } });
  }
  pe.dispose();
  for (const [i, { name, topic }] of order.entries()) {
    const place = {
      topic,
      before: order[i - 1]?.name,
      after: order[i + 1]?.name,
      hasPage: (/** @type {string} */ other) => NAMES.includes(other),
    };
    await write(`${name}.html`, functionPage(/** @type {Entry} */ (entries.get(name)), place));
  }
  await write('encodings.html', indexPage(TOPICS, entries));
  for (const { file, text } of await writtenPages()) await write(file, text);
  const { title, about, content } = referencePage();
  const api = { file: 'api.html', title: `${title}: wasmformer`, about, content, beside: BESIDE };
  await write(api.file, layout(api).text);
  // The page's tokens and components; its fonts lie elsewhere, and the system's are there without a request.
  const style = await readFile(new URL('../style.css', import.meta.url), 'utf8');
  await write('style.css', style.replace(/@font-face \{[^}]*\}/g, ''));
  for (const [file, source] of Object.entries(STATIC))
    await copyFile(new URL(source, import.meta.url), join(folder, file));
  for (const picture of README_PICTURES)
    await copyFile(new URL(`../../${picture}`, import.meta.url), join(folder, basename(picture)));
  return pages;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = fileURLToPath(new URL('../../build/docs', import.meta.url));
  console.log(`build/docs: ${await buildDocs(folder)} pages`);
}
