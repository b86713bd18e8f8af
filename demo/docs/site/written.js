/** The pages made of the repository's Markdown, and the start page. Not here: those of the encodings and of the API. */
import { readFile } from 'node:fs/promises';
import { html } from '../html.js';
import { layout } from './layout.js';
import { sectionsOf, withSections, written } from './markdown.js';
import { BESIDE, GROUPS } from './pages.js';

const ROOT = new URL('../../../', import.meta.url);
const read = (/** @type {string} */ file) => readFile(new URL(file, ROOT), 'utf8');

const PAGES = GROUPS.flatMap(({ pages }) => pages);
const FILES = new Map(PAGES.filter(({ section }) => !section).map(({ source, file }) => [source, file]));
FILES.set('README.md', 'index.html');
const pageOf = (/** @type {string} */ file) => FILES.get(file);

/** The pictures that README shows. */
export const PICTURES = ['demo/order.svg', 'demo/draw.svg'];

/** @returns {Promise<{ file: string, text: string }[]>} */
export async function writtenPages() {
  const readme = await read('README.md');
  const made = await Promise.all(
    PAGES.map(async ({ file, title, source, section }) => {
      const markdown = section ? partOf(readme, section) : await read(source);
      return { file, title, ...written(withSections(markdown, readme), source, pageOf) };
    }),
  );
  return [
    { file: 'index.html', text: startPage(readme, new Map(made.map((page) => [page.file, page.about]))) },
    ...made.map(({ file, title, about, content }) => ({
      file,
      text: layout({ file, title: `${title}: wasmformer`, about, content, beside: BESIDE }).text,
    })),
  ];
}

/** @param {string} readme @param {string} section by its heading @returns {string} as a page of its own */
function partOf(readme, section) {
  const found = sectionsOf(readme).find(({ heading }) => heading === section);
  if (!found) throw new Error(`README.md has no section ${section}`);
  return `# ${section}\n\n${found.text}`;
}

/** @param {string} readme @param {ReadonlyMap<string, string>} abouts of each page */
function startPage(readme, abouts) {
  const { about, content } = written(sectionsOf(readme)[0].text, 'README.md', pageOf);
  const made = /** @type {Record<string, string>} */ ({
    'api.html': 'Every call, option, result and error.',
    'encodings.html': 'Formulas, options, models and pictures, a page for each.',
  });
  const lists = BESIDE.map(
    ({ name, pages }) => html`<h2>${name}</h2>
<ul class="cards">
${pages.map(
  ({ file, title }) => html`<li><a class="card entry" href="${file}"><h3>${title}</h3>
<p>${made[file] ?? abouts.get(file)}</p></a></li>
`,
)}</ul>
`,
  );
  const file = 'index.html';
  return layout({ file, title: 'wasmformer', about, content: html`${content}${lists}` }).text;
}
