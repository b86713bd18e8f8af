/** The table of a function's options. On narrow screens each row becomes a block; roles keep it a table for all readers. */
import { html } from './html.js';

/**
 * @typedef {import('./html.js').Html} Html
 * @typedef {import('../../web/documentation.js').DocumentedOption} DocumentedOption
 */

const HEADS = ['Option', 'Type', 'Default', 'Rule'];

/**
 * @param {string} caption
 * @param {readonly DocumentedOption[]} options
 * @param {Record<string, string | null>} rules what the library says an option must be
 * @param {(text: string) => Html} say
 * @returns {Html}
 */
export const optionsTable = (caption, options, rules, say) => html`<table class="options" role="table">
<caption class="hidden">${caption}</caption>
<thead role="rowgroup"><tr role="row">${HEADS.map((head) => html`<th scope="col" role="columnheader">${head}</th>`)}</tr></thead>
<tbody role="rowgroup">
${options.map((option) => row(option, rules[option.name] ?? null, say))}</tbody>
</table>`;

/** @param {DocumentedOption} option @param {string | null} rule @param {(text: string) => Html} say */
function row(option, rule, say) {
  const { name, kind, required, fallback } = option;
  const about = aboutOf(option);
  // The type says it already.
  const isSaid = about !== '' && (kind === 'choice' || kind === 'boolean');
  return html`<tr role="row">
<th scope="row" role="rowheader"><code class="whole">${name}</code></th>
<td role="cell" data-head="Type"><code>${typeOf(option)}</code></td>
<td role="cell" data-head="Default">${required ? 'required' : isValue(fallback) ? html`<code class="whole">${fallback}</code>` : fallback || 'none'}</td>
<td role="cell" data-head="Rule">${about ? html`<p class="words">${say(about)}</p>` : ''}${rule && !isSaid ? html`<p class="rule">${rule}</p>` : ''}</td>
</tr>
`;
}

/** @param {string} text */
const isValue = (text) => /^(['[].*|true|false|-?\d\S*)$/.test(text);

/** Line breaks are possible before each choice. @param {DocumentedOption} option */
const typeOf = ({ type }) => type.replace(/readonly /g, '').replace(/ArrayBufferView/g, 'TypedArray');

/**
 * The words about an option without those on its default, which has a column of its own.
 * @param {DocumentedOption} option
 */
function aboutOf({ about, fallback }) {
  const words = `${fallback} by default`;
  const at = about.indexOf(words);
  if (fallback === '' || at < 0) return about;
  const before = about.slice(0, at).replace(/[,;:]? ?$/, '');
  const after = about
    .slice(at + words.length)
    .replace(/^[;,] /, '')
    .replace(/^ \((.*)\)$/, '$1');
  return [before, after]
    .filter(Boolean)
    .join(before && /^\w/.test(after) ? '; ' : ' ')
    .trim();
}
