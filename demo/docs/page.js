/** The pages as HTML: one for each encoding, and the list of them. Of scripts they have the one that copies code. */
import { programOf } from '../../web/documentation.js';
import { html } from './html.js';
import { optionsTable } from './options-table.js';
import { layout } from './site/layout.js';
import { words } from './words.js';

/**
 * @typedef {import('./html.js').Html} Html
 * @typedef {import('../../web/documentation.js').Documentation} Documentation
 * @typedef {import('../../web/documentation.js').DocumentedOption} DocumentedOption
 * @typedef {import('./topics.js').Topic} Topic
 *
 * @typedef {object} Entry what there is to say of an encoding
 * @property {Documentation} documentation
 * @property {{ file: string, width: number, height: number, about: string }} picture
 */

const REPEATED = ['Formula', 'Models', 'Source'];

/** @param {string} id @param {string} title @param {unknown} content */
const section = (id, title, content) => html`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
${content}
</section>
`;

/**
 * @param {Entry} entry
 * @param {{ topic: Topic, before: string | undefined, after: string | undefined, hasPage: (name: string) => boolean }} place
 * @returns {string}
 */
export function functionPage({ documentation, picture }, { topic, before, after, hasPage }) {
  const { name, about, summary, notes, options } = documentation;
  const say = (/** @type {string} */ text) => words(text, (other) => other !== name && hasPage(other));
  const note = (/** @type {string} */ title) => {
    const found = notes.find((one) => one.title === title);
    return html`<p class="about">${say(found?.text ?? '')}</p>`;
  };
  const others = notes.filter(({ title }) => !REPEATED.includes(title));
  const link = (
    /** @type {string | undefined} */ other,
    /** @type {string} */ rel,
    /** @type {string} */ text,
  ) =>
    other === undefined ? '' : html`<a rel="${rel}" href="${other}.html">${text} <code>${other}</code></a>`;
  const content = html`<p class="hint"><a href="encodings.html">All encodings</a>: ${topic.title}</p>
<h1><code>${name}</code></h1>
<p class="summary">${say(about)}</p>
${others.map(({ text }) => html`<p class="about">${say(text)}</p>\n`)}
<figure>
<img class="picture" src="${picture.file}" width="${picture.width}" height="${picture.height}" alt="${picture.about}">
<figcaption>${picture.about}</figcaption>
</figure>
${section('formula', 'Formula', note('Formula'))}
${section('shapes', 'Shapes', shapes(documentation, say))}
${section('options', 'Options', [
  optionsTable(`Options of ${name}`, options, say),
  options
    .filter(({ fields }) => fields.length)
    .map(({ type, fields }) => html`<h3>${type}</h3>\n${optionsTable(`Fields of ${type}`, fields, say)}`),
])}
${section('models', 'Models', note('Models'))}
${section('source', 'Source', note('Source'))}
${section(
  'example',
  'Example',
  html`<pre tabindex="0"><code>${programOf(documentation).trimEnd()}</code></pre>
<p class="hint">On the command line: <code>npx wasmformer encoding ${name} --help</code></p>`,
)}
<nav class="beside" aria-label="Other encodings">${link(before, 'prev', 'Before:')} ${link(after, 'next', 'Next:')}</nav>`;
  const title = `${name}: wasmformer`;
  return layout({ file: `${name}.html`, title, about: summary.replaceAll('`', ''), content }).text;
}

/** @param {Documentation} documentation @param {(text: string) => Html} say */
function shapes({ options, result }, say) {
  const inputs = options.filter(({ kind, about }) => kind === 'floats' || /(^|\W)\[[^\]'\d]/.test(about));
  return html`<dl class="shapes">
${inputs.map(({ name, about }) => html`<div><dt><code>${name}</code></dt><dd>${say(about)}</dd></div>\n`)}
<div><dt>Result</dt><dd>${say(result)}</dd></div>
<div><dt><code>out</code></dt><dd>memory of the result’s shape, filled instead of new memory</dd></div>
</dl>`;
}

/**
 * The list of all pages.
 * @param {readonly Topic[]} topics
 * @param {ReadonlyMap<string, Entry>} entries
 * @returns {string}
 */
export function indexPage(topics, entries) {
  const about =
    'Every position encoding and attention bias of wasmformer: formulas, options, models, pictures.';
  const item = (/** @type {string} */ name) => {
    const { documentation, picture } = /** @type {Entry} */ (entries.get(name));
    return html`<li><a class="card entry" href="${name}.html">
<img class="picture" src="${picture.file}" alt="" width="${picture.width}" height="${picture.height}" loading="lazy">
<h3><code>${name}</code></h3>
<p>${words(documentation.summary)}</p>
</a></li>
`;
  };
  const content = html`<h1>Position encodings</h1>
<p class="summary">${entries.size} functions in one small WebAssembly module, each with the variants of the libraries that
models come from as options.</p>
<pre tabindex="0"><code>import { encodings } from 'wasmformer/encodings';

const pe = await encodings();
const table = pe.sincos2d({ height: 14, width: 14, dim: 384, preset: 'mae' }); // a Tensor, [196, 384]</code></pre>
${topics.map(({ title, about: text, functions }, i) =>
  section(
    `topic-${i}`,
    title,
    html`<p class="about">${text}</p>\n<ul class="cards">\n${functions.map(item)}</ul>`,
  ),
)}`;
  return layout({ file: 'encodings.html', title: 'Position encodings: wasmformer', about, content }).text;
}
