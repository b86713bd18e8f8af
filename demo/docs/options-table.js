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
 * @param {(text: string) => Html} say
 * @returns {Html}
 */
export const optionsTable = (caption, options, say) => html`<table class="options" role="table">
<caption class="hidden">${caption}</caption>
<thead role="rowgroup"><tr role="row">${HEADS.map((head) => html`<th scope="col" role="columnheader">${head}</th>`)}</tr></thead>
<tbody role="rowgroup">
${options.map((option) => row(option, say))}</tbody>
</table>`;

/** @param {DocumentedOption} option @param {(text: string) => Html} say */
function row({ name, type, required, fallback, about, rules }, say) {
  const isValue = /^(['[].*['\]]|true|false|-?\d\S*)$/.test(fallback);
  const usual = isValue ? html`<code class="whole">${fallback}</code>` : say(fallback || 'none');
  return html`<tr role="row">
<th scope="row" role="rowheader"><code class="whole">${name}</code></th>
<td role="cell" data-head="Type"><code>${type.replace(/readonly /g, '').replace(/ArrayBufferView/g, 'TypedArray')}</code></td>
<td role="cell" data-head="Default">${required ? 'required' : usual}</td>
<td role="cell" data-head="Rule">${about ? html`<p class="words">${say(about)}</p>` : ''}${rules ? html`<p class="rule">${say(rules)}</p>` : ''}</td>
</tr>
`;
}
