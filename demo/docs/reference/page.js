/** The reference of the API as a page: each call with its options, what it gives and what it throws, then the types. */
import { html } from '../html.js';
import { words as inline } from '../words.js';
import { aboutClassIn, errors, functionsIn, membersIn, typesIn } from './api.js';
import { paragraphs, Teller } from './entry.js';
import { anchor } from './types.js';

/**
 * @typedef {import('../html.js').Html} Html
 * @typedef {import('./api.js').Entry} Entry
 * @typedef {import('./api.js').Type} Type
 */

const ABOUT_ENCODER =
  'What `load` gives: a model with its calls. They run one after another, in the order of their calls.';
const ABOUT_CACHE =
  'The hub’s models that are kept here: in a browser those of this page’s origin, in Node those of Hugging Face’s own cache.';
/** Types that only the compiler needs. */
const UNSHOWN = ['Global', 'WasmModule', 'Signal', 'ElementOf'];

const TYPES = ['', 'loading/', 'run/', 'audio/', 'text/'].flatMap((room) =>
  typesIn(`bindings/${room}public.js`),
);
const OTHERS = ['bindings/rollout.js', 'bindings/tensor.js'].flatMap(typesIn);
/** @type {ReadonlyMap<string, Type>} */
const types = new Map([...TYPES, ...OTHERS].map((type) => [type.name, type]));

const named = (/** @type {string} */ file, /** @type {string[]} */ names) =>
  functionsIn(file).filter(({ name }) => names.includes(name));

/** @returns {{ title: string, name: string, about: string, entries: Entry[] }[]} */
const partsOf = () => [
  {
    ...{ title: 'Loading', name: '', about: '' },
    entries: [
      ...named('web/index.js', ['load', 'loadTokenizer']),
      ...named('web/encodings.js', ['encodings']),
    ],
  },
  {
    ...{ title: 'Cache', name: 'cache', about: ABOUT_CACHE },
    entries: membersIn('web/cache.js').filter(({ name }) => ['list', 'delete'].includes(name)),
  },
  {
    ...{ title: 'Encoder', name: 'Encoder', about: ABOUT_ENCODER },
    entries: [...membersIn('bindings/tasks/encoder.js'), ...members('bindings/tasks/loaded.js')],
  },
  {
    ...{ title: 'Tokenizer', name: 'Tokenizer', about: aboutClassIn('bindings/text/tokenizer.js') },
    entries: members('bindings/text/tokenizer.js'),
  },
  {
    ...{ title: 'Tensor', name: 'Tensor', about: aboutClassIn('bindings/tensor.js') },
    entries: members('bindings/tensor.js'),
  },
  {
    ...{ title: 'Functions', name: '', about: 'Of tensors and of what `forward` gives.' },
    entries: [
      ...named('bindings/similarity.js', ['similarity']),
      ...named('bindings/principal.js', ['principalComponents']),
      ...named('bindings/rollout.js', ['rollout']),
      ...named('bindings/patches.js', ['patchSimilarity', 'patchColours']),
    ],
  },
];

/** @param {string} file */
const members = (file) => membersIn(file).filter(({ name }) => name !== 'toJSON' && name !== 'toString');

/** @returns {{ title: string, about: string, content: Html }} */
export function referencePage() {
  const [parts, failures] = [partsOf(), errors()];
  const shown = [...types.values()].filter(({ name }) => !UNSHOWN.includes(name));
  const places = new Set([...parts, ...failures, ...shown].map(({ name }) => name));
  const teller = new Teller(types, (name) => places.has(name));
  const sections = parts.map(
    ({ title, name, about, entries }) => html`<h2 id="${anchor(name || title)}">${title}</h2>
${paragraphs(about)}${entries.map((entry) => teller.entry(name, entry))}`,
  );
  // Options stand with the calls that take them.
  const rest = shown.filter(({ name }) => !teller.told.has(name));
  const typeOf = (/** @type {Type} */ { name, type, words, fields }) => {
    const told = fields.length
      ? teller.table(`Fields of ${name}`, fields)
      : html`<p class="about">${teller.typed(type)}</p>`;
    return html`<h3 id="${anchor(name)}"><code>${name}</code></h3>\n${paragraphs(words)}${told}\n`;
  };
  const about = 'Every name that the package gives, with all options and what they mean.';
  const content = html`<h1>API</h1>
<p class="summary">${about} Editors show the same words.</p>
<ul>
${parts.map(({ title, name, entries }) => {
  const named = entries.filter((entry) => !entry.name.startsWith('['));
  const links = named.map((entry) =>
    linkTo(name ? `${name}.${entry.name}` : entry.name, entry.kind === 'constructor' ? 'new' : entry.name),
  );
  return html`<li><a href="#${anchor(name || title)}">${title}</a>: ${listed(links)}</li>\n`;
})}<li><a href="#errors">Errors</a>: ${listed(failures.map(({ name }) => linkTo(name, name)))}</li>
<li><a href="#types">Types</a>: ${listed(rest.map(({ name }) => linkTo(name, name)))}</li>
</ul>
${sections}${errorsTable(failures)}<h2 id="types">Types</h2>
${rest.map(typeOf)}`;
  return { title: 'API', about, content };
}

/** @param {string} place @param {string} name */
const linkTo = (place, name) => html`<a href="#${anchor(place)}"><code>${name}</code></a>`;

/** @param {Html[]} links */
const listed = (links) => links.map((link, i) => html`${i ? ', ' : ''}${link}`);

/** @param {ReturnType<typeof errors>} failures */
function errorsTable(failures) {
  const heads = ['Class', 'Code', 'When'];
  return html`<h2 id="errors">Errors</h2>
<p class="about">All extend the first one. <code>code</code> is a name for programs, which does not change between versions;
<code>path</code> is the file, the key or the argument at fault, <code>value</code> what was found there, <code>cause</code> the error
that led to this one.</p>
<table class="told" role="table"><thead role="rowgroup"><tr role="row">${heads.map((head) => html`<th scope="col" role="columnheader">${head}</th>`)}</tr></thead>
<tbody role="rowgroup">
${failures.map(
  ({
    name,
    code,
    words,
  }) => html`<tr role="row" id="${anchor(name)}"><th scope="row" role="rowheader"><code>${name}</code></th>
<td role="cell" data-head="Code"><code>${code}</code></td><td role="cell" data-head="When">${inline(words)}</td></tr>
`,
)}</tbody></table>
`;
}
