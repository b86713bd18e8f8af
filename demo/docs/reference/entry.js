/** One entry of the reference: how it is called, what its options are, what it gives and throws. Not here: which entries there are. */
import { html } from '../html.js';
import { words as say } from '../words.js';
import { anchor, fieldsOf, simple, typeHtml } from './types.js';

/**
 * @typedef {import('../html.js').Html} Html
 * @typedef {import('./api.js').Entry} Entry
 * @typedef {import('./api.js').Signature} Signature
 * @typedef {import('./jsdoc.js').Tag} Tag
 * @typedef {import('./types.js').Types} Types
 */

/** Tells entries of one page, on which the options of a type stand once: with the first call that takes them. */
export class Teller {
  #types;
  #isKnown;
  /** The types whose options have been told. @type {Set<string>} */
  told = new Set();

  /** @param {Types} types @param {(name: string) => boolean} isKnown whether a type has a place on the page */
  constructor(types, isKnown) {
    this.#types = types;
    this.#isKnown = isKnown;
  }

  /** @param {string} type @returns {Html} */
  typed(type) {
    return typeHtml(type, this.#isKnown);
  }

  /** @param {string} caption @param {readonly Tag[]} fields @returns {Html} */
  table(caption, fields) {
    const heads = ['Name', 'Type', 'What it is'];
    return html`<table class="options" role="table">
<caption class="hidden">${caption}</caption>
<thead role="rowgroup"><tr role="row">${heads.map((head) => html`<th scope="col" role="columnheader">${head}</th>`)}</tr></thead>
<tbody role="rowgroup">
${fields.map(
  ({
    name,
    type,
    words,
  }) => html`<tr role="row"><th scope="row" role="rowheader"><code class="whole">${name}</code></th>
<td role="cell">${this.typed(type)}</td><td role="cell">${say(words)}</td></tr>
`,
)}</tbody>
</table>
`;
  }

  /** @param {string} owner the class that it is of, or nothing @param {Entry} entry @returns {Html} */
  entry(owner, entry) {
    const { name, kind, type, signatures } = entry;
    const title = kind === 'constructor' ? `new ${owner}` : kind === 'static' ? `${owner}.${name}` : name;
    const head = html`<h3 id="${anchor(owner ? `${owner}.${name}` : name)}"><code>${title}</code></h3>\n`;
    if (kind === 'value')
      return html`${head}<p class="about">${this.typed(type)} ${say(signatures[0].words)}</p>\n`;
    const options = this.#options(title, signatures);
    return html`${head}${signatures.map((one) => this.#signature(title, one, options === null))}${options ?? ''}
${signatures.flatMap(({ examples }) => examples).map((text) => html`<pre tabindex="0"><code>${text}</code></pre>\n`)}`;
  }

  /** @param {string} title @param {Signature} signature @param {boolean} withOptions among what it takes, as they have no table */
  #signature(title, { words, params, returns, throws }, withOptions) {
    const list = params.map(({ name, optional }) => (optional ? `${name}?` : name)).join(', ');
    const rows = params
      .filter((param) => withOptions || !this.#isOptions(param))
      .map(({ name, type, words: about }) =>
        row(html`<code>${name}</code>`, [html`<span class="type">${this.typed(type)}</span>`, say(about)]),
      );
    if (returns)
      rows.push(
        row('gives', [html`<span class="type">${this.typed(returns.type)}</span>`, say(returns.words)]),
      );
    if (throws) rows.push(row('throws', this.#thrown(throws)));
    return html`<pre tabindex="0"><code>${title}(${list})</code></pre>
${paragraphs(words)}${rows.length ? html`<dl class="shapes">\n${rows}</dl>\n` : ''}`;
  }

  /** @param {Tag} param */
  #isOptions({ name, type, words }) {
    return name === 'options' && fieldsOf(type, this.#types, words).length > 0;
  }

  /**
   * @param {string} title
   * @param {Signature[]} signatures
   * @returns {Html | null} null if there are none, or if they stand elsewhere
   */
  #options(title, signatures) {
    const params = signatures.flatMap((one) => one.params.filter((param) => this.#isOptions(param)));
    if (params.length === 0) return null;
    const [name] = simple(params[0].type).split(/[<\s]/);
    if (this.told.has(name)) return null;
    /** @type {Map<string, Tag>} */
    const fields = new Map();
    for (const { type, words } of params)
      for (const field of fieldsOf(type, this.#types, words))
        if (!fields.get(field.name)?.words) fields.set(field.name, field);
    const isType = this.#types.has(name);
    if (isType) this.told.add(name);
    const head = isType
      ? html`<h4 id="${anchor(name)}">Options <code>${name}</code></h4>`
      : html`<h4>Options</h4>`;
    return html`${head}\n${this.table(`Options of ${title}`, [...fields.values()])}`;
  }

  /** Classes of errors in braces, each with when it is thrown. @param {string} text */
  #thrown(text) {
    return text
      .replace(/\.(?=;|$)/g, '')
      .split(/\{(\w+)\}/)
      .map((part, i) => (i % 2 ? this.typed(part) : say(part)));
  }
}

/** @param {unknown} term @param {unknown} about */
const row = (term, about) => html`<div><dt>${term}</dt><dd>${about}</dd></div>\n`;

/** @param {string} text @returns {Html[]} */
export const paragraphs = (text) =>
  text
    .split('\n\n')
    .filter(Boolean)
    .map((part) => html`<p class="about">${say(part)}</p>\n`);
