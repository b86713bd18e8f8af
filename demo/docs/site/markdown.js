/**
 * Markdown as HTML of a page: headings with anchors, links between files as links between pages. Not here: which files there are
 * (pages.js).
 */
import { posix as path } from 'node:path';
import { Marked } from 'marked';
import { Html, html } from '../html.js';

/**
 * @typedef {object} Written
 * @property {string} about its first paragraph, as text
 * @property {Html} content
 */

/** A paragraph that is only a link to one of README's sections is that section. */
const INCLUDED = /^\[[^\]]+\]\((?:\.\.\/)*README\.md#([\w-]+)\)$/gm;

/**
 * @param {string} markdown
 * @param {string} readme
 * @returns {string} with the sections of README that it names by a link on a line of its own
 * @throws {Error} a section that is not there
 */
export const withSections = (markdown, readme) =>
  markdown.replace(INCLUDED, (_, anchor) => {
    const found = sectionsOf(readme).find(({ heading }) => anchorOf(heading) === anchor);
    if (!found) throw new Error(`README.md has no section #${anchor}`);
    // Its links are from the top, where README is.
    return found.text.replace(/\]\((?!https:|[#/])/g, '](/');
  });

/** @param {string} markdown @returns {{ heading: string, text: string }[]} its sections, the first being what stands before them */
export const sectionsOf = (markdown) =>
  markdown.split(/^## /m).map((part, i) => {
    const end = i === 0 ? 0 : part.indexOf('\n');
    return { heading: part.slice(0, end), text: part.slice(end).trim() };
  });

/** @param {string} heading @returns {string} as GitHub makes it */
export const anchorOf = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

/**
 * @param {string} markdown
 * @param {string} source its file, from the repository's top
 * @param {(file: string) => string | undefined} pageOf the page that is made of a file
 * @returns {Written}
 * @throws {Error} a link to a file that has no page
 */
export function written(markdown, source, pageOf) {
  const marked = new Marked({ gfm: true });
  let about = '';
  marked.use({
    renderer: {
      heading({ tokens, depth, text }) {
        const content = this.parser.parseInline(tokens);
        return `<h${depth} id="${anchorOf(text.replace(/`/g, ''))}">${content}</h${depth}>\n`;
      },
      paragraph({ tokens }) {
        const content = this.parser.parseInline(tokens);
        about ||= plain(content);
        return `<p class="about">${content}</p>\n`;
      },
      html() {
        return ''; // comments of README
      },
      code({ text }) {
        return `${html`<pre tabindex="0"><code>${text}</code></pre>`.text}\n`;
      },
      table(token) {
        const heads = token.header.map((cell) => this.parser.parseInline(cell.tokens));
        const row = (/** @type {typeof token.header} */ cells) =>
          `<tr role="row">${cells
            .map(
              (cell, i) =>
                `<${i ? 'td role="cell"' : 'th scope="row" role="rowheader"'} data-head="${html`${plain(heads[i])}`.text}">${this.parser.parseInline(cell.tokens)}</${i ? 'td' : 'th'}>`,
            )
            .join('')}</tr>\n`;
        const head = heads.map((cell) => `<th scope="col" role="columnheader">${cell}</th>`).join('');
        return `<table class="told" role="table"><thead role="rowgroup"><tr role="row">${head}</tr></thead>
<tbody role="rowgroup">\n${token.rows.map(row).join('')}</tbody></table>\n`;
      },
      link({ href, tokens }) {
        return `<a href="${html`${linked(href, source, pageOf)}`.text}">${this.parser.parseInline(tokens)}</a>`;
      },
      image({ href, text }) {
        return html`<img src="${path.basename(href)}" alt="${text}">`.text;
      },
    },
  });
  const content = new Html(/** @type {string} */ (marked.parse(markdown)));
  return { about, content };
}

/** @type {Record<string, string>} */
const ENTITIES = { lt: '<', gt: '>', quot: '"', amp: '&', '#39': "'" };

/** @param {string} content HTML @returns {string} what is read of it */
const plain = (content) =>
  content.replace(/<[^>]*>/g, '').replace(/&(lt|gt|quot|amp|#39);/g, (_, name) => ENTITIES[name]);

/** @param {string} href @param {string} source @param {(file: string) => string | undefined} pageOf */
function linked(href, source, pageOf) {
  if (/^(https:|#)/.test(href)) return href;
  const [file, anchor] = href.split('#');
  const target = file.startsWith('/') ? file.slice(1) : path.join(path.dirname(source), file);
  const page = /\.html$/.test(file) ? file : pageOf(target);
  if (page === undefined) throw new Error(`${source} links to ${href}; no page is made of ${target}`);
  return anchor === undefined ? page : `${page}#${anchor}`;
}
