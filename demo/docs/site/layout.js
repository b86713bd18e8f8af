/** The frame of every page: its head, the site's parts above, the list of pages beside it. Not here: what a page says. */
import { html } from '../html.js';

/** @typedef {import('../html.js').Html} Html */

/**
 * @typedef {object} Place a page in the list of its part
 * @property {string} file
 * @property {string} title
 *
 * @typedef {{ name: string, pages: readonly Place[] }} Group
 */

/** The parts of the site, by their first pages. @type {Place[]} */
const PARTS = [
  { file: 'index.html', title: 'Start' },
  { file: 'texts.html', title: 'Guides' },
  { file: 'api.html', title: 'API' },
  { file: 'encodings.html', title: 'Position encodings' },
  { file: 'engines.html', title: 'Engines' },
];

/**
 * @param {object} page
 * @param {string} page.file
 * @param {string} page.title
 * @param {string} page.about for search engines, in a sentence
 * @param {Html} page.content
 * @param {readonly Group[]} [page.beside] the list of pages beside it, in groups
 * @returns {Html}
 */
export const layout = ({ file, title, about, content, beside = [] }) => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${about}">
<title>${title}</title>
<meta http-equiv="content-security-policy" content="default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'">
<link rel="icon" href="icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="style.css">
<link rel="stylesheet" href="docs.css">
<script type="module" src="copy.js"></script>
</head>
<body>
<a class="skip" href="#content">To the content</a>
<header class="top">
<div class="brand">
<img src="icon.svg" alt="" width="36" height="36">
<p class="name"><a href="index.html">wasmformer</a></p>
</div>
<nav aria-label="Site">${PARTS.map((part) => linkTo(part, file, isOf(part, file, beside)))} <a href="../">The page</a></nav>
</header>
${
  beside.length
    ? html`<div class="columns">
<main class="docs" id="content">
${content}
</main>
<nav class="pages" aria-label="Pages">
${beside.map(
  ({ name, pages }) => html`<p class="group">${name}</p>
<ul>
${pages.map((page) => html`<li>${linkTo(page, file)}</li>\n`)}</ul>
`,
)}</nav>
</div>`
    : html`<main class="docs" id="content">
${content}
</main>`
}
</body>
</html>
`;

/** @param {Place} part @param {string} file @param {readonly Group[]} beside @returns {boolean} whether a page is in the list of a part */
const isOf = ({ title }, file, beside) =>
  beside.some(({ name, pages }) => name === title && pages.some((page) => page.file === file));

/** @param {Place} place @param {string} here the page that it stands on @param {boolean} [isNear] whether that is of its part */
function linkTo({ file, title }, here, isNear = false) {
  if (file === here) return html`<a href="${file}" aria-current="page">${title}</a>\n`;
  return isNear
    ? html`<a href="${file}" aria-current="true">${title}</a>\n`
    : html`<a href="${file}">${title}</a>\n`;
}
