/** The words of a comment as HTML: code between backticks, links to papers and to the pages of other functions. */
import { Html, html } from './html.js';

/**
 * @param {string} text
 * @param {(name: string) => boolean} [hasPage] whether a function of this name has a page
 * @returns {Html}
 */
export function words(text, hasPage = () => false) {
  const parts = text.split(/(`[^`]+`)/).map((part) => {
    if (!part.startsWith('`')) return withPapers(part);
    const code = part.slice(1, -1);
    return hasPage(code) ? html`<a href="${code}.html"><code>${code}</code></a>` : html`<code>${code}</code>`;
  });
  return html`${parts}`;
}

/** "arXiv 1706.03762, 2111.09543" with each number as a link. @param {string} text @returns {Html} */
function withPapers(text) {
  const parts = text
    .split(/(\b\d{4}\.\d{5}\b)/)
    .map((part, i) => (i % 2 ? html`<a href="https://arxiv.org/abs/${part}">${part}</a>` : html`${part}`));
  return new Html(parts.map((part) => part.text).join(''));
}
