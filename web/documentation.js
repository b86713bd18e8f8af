/**
 * What the comments of the position encodings say, as data: the command line's help and the page's forms are made of it,
 * so that each function is described in one place, above its code. Reads texts; where they come from is the caller's.
 */

/**
 * @typedef {object} DocumentedOption
 * @property {string} name
 * @property {string} type as TypeScript has it
 * @property {Kind} kind how a value is written down
 * @property {string[]} choices of kind 'choice'; of kind 'choices' those that a list may hold
 * @property {boolean} required
 * @property {string} fallback what is taken if it is left out, as in "10000" or "the same"; '' if that is not said
 * @property {string} about
 *
 * @typedef {'number' | 'boolean' | 'choice' | 'choices' | 'size' | 'numbers' | 'tensor' | 'object'} Kind size: a number or
 *   a list of them; numbers: a list, which may be nested; tensor: a table of floating point
 *
 * @typedef {object} Documentation
 * @property {string} name
 * @property {string} summary the first sentence
 * @property {string} about all that stands before the formula
 * @property {{ title: string, text: string }[]} notes Formula, Models, Source …
 * @property {DocumentedOption[]} options without `out`
 * @property {string} result its dtype and shape
 * @property {string} example
 */

/**
 * The encodings and the files that hold them, in the order of the facade.
 * @param {string} facade the text of bindings/encodings/index.js
 * @returns {Map<string, string>} paths relative to that file, by name
 */
export function encodingFiles(facade) {
  const imports = facade.matchAll(/^import \{([^}]*)\} from '(\.\/[^']+)';/gm);
  return new Map(
    [...imports].flatMap(([, names, path]) =>
      names
        .split(',')
        .flatMap((name) => (name.trim() ? [/** @type {[string, string]} */ ([name.trim(), path])] : [])),
    ),
  );
}

/**
 * @param {string} name of an exported function
 * @param {string} source the text of its file
 * @returns {Documentation}
 * @throws {Error} if there is no such function with a comment
 */
export function documentationOf(name, source) {
  const pattern = new RegExp(`/\\*\\*((?:(?!\\*/)[^])*)\\*/\\s*export function ${name}\\(`);
  const comment = pattern.exec(source)?.[1];
  if (comment === undefined) throw new Error(`there is no comment above ${name}`);
  const lines = linesOf(comment);
  const firstTag = lines.findIndex((line) => line.startsWith('@'));
  const [about, ...notes] = paragraphs(lines.slice(0, firstTag));
  const tags = tagsOf(lines.slice(firstTag));
  const textOf = (/** @type {string} */ tag) => tags.find((one) => one.tag === tag)?.lines ?? [];
  return {
    name,
    about,
    summary: /^.*?\.(?= [A-Z]|$)/.exec(about)?.[0] ?? about,
    notes: notes.map((text) => {
      const [, title, rest] = /^([A-Z]\w*): (.*)$/s.exec(text) ?? ['', '', text];
      return { title, text: rest };
    }),
    options: tags.flatMap(({ tag, lines: text }) => (tag === 'param' ? optionOf(text.join(' ')) : [])),
    result: typed(textOf('returns').join(' ')).rest,
    example: textOf('example').join('\n').trim(),
  };
}

/**
 * The fields of an object that an option takes.
 * @param {string} type such as 'Scaling'
 * @param {string} source the text of a file
 * @returns {DocumentedOption[]} none if the file does not describe it
 */
export function fieldsOf(type, source) {
  const comments = [...source.matchAll(/\/\*\*(.*?)\*\//gs)].map(([, comment]) => tagsOf(linesOf(comment)));
  const found = comments.find((tags) =>
    tags.some(({ tag, lines }) => tag === 'typedef' && typed(lines[0]).rest.split(' ')[0] === type),
  );
  return found?.flatMap(({ tag, lines }) => (tag === 'property' ? fieldOf(lines.join(' '), '') : [])) ?? [];
}

/**
 * The example as a program that runs as it stands; `random` makes inputs of the shapes named.
 * @param {Documentation} documentation
 * @returns {string}
 */
export function programOf({ example }) {
  const uses = (/** @type {string} */ name) => new RegExp(`\\b${name}\\(`).test(example);
  return [
    `import { ${uses('Tensor') || uses('random') ? 'encodings, Tensor' : 'encodings'} } from 'wasmformer';`,
    '',
    ...(uses('random') ? RANDOM : []),
    'const pe = await encodings();',
    example,
    'pe.dispose();',
    '',
  ].join('\n');
}

const RANDOM = [
  'const random = (...shape) => {',
  '  const count = shape.reduce((product, size) => product * size);',
  "  return new Tensor('float32', Float32Array.from({ length: count }, Math.random), shape);",
  '};',
];

/**
 * Paragraphs end at an empty line and before a word that titles one, as in "Formula: …".
 * @param {string[]} lines
 * @returns {string[]}
 */
function paragraphs(lines) {
  /** @type {string[][]} */
  const found = [[]];
  for (const line of lines) {
    if (/^[A-Z]\w*: /.test(line) || line === '') found.push([]);
    if (line !== '') found[found.length - 1].push(line.trim());
  }
  return found.filter((paragraph) => paragraph.length).map((paragraph) => paragraph.join(' '));
}

/** @param {string} comment what stands between its slashes @returns {string[]} */
const linesOf = (comment) => comment.split('\n').map((line) => line.replace(/^\s*\* ?/, '').trimEnd());

/** @param {string[]} lines from the first tag on @returns {{ tag: string, lines: string[] }[]} */
function tagsOf(lines) {
  /** @type {{ tag: string, lines: string[] }[]} */
  const tags = [];
  for (const line of lines) {
    const [, tag, rest] = /^@(\w+) ?(.*)$/.exec(line) ?? [];
    if (tag) tags.push({ tag, lines: [rest] });
    else tags.at(-1)?.lines.push(tags.at(-1)?.tag === 'example' ? line : line.trim());
  }
  return tags;
}

/** What stands in braces at the beginning, and what follows. @param {string} text */
function typed(text) {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    depth += text[i] === '{' ? 1 : text[i] === '}' ? -1 : 0;
    if (depth === 0)
      return i > 0 ? { type: text.slice(1, i), rest: text.slice(i + 1).trim() } : { type: '', rest: text };
  }
  return { type: '', rest: text };
}

/** @param {string} text of a @param @returns {DocumentedOption[]} none for what is not an option */
const optionOf = (text) => fieldOf(text, 'options\\.').filter(({ name }) => name !== 'out');

/** @param {string} text of a tag @param {string} owner a pattern of what stands before the name @returns {DocumentedOption[]} */
function fieldOf(text, owner) {
  const { type, rest } = typed(text);
  const [, bracket, name, about] = new RegExp(`^(\\[?)${owner}(\\w+)\\]? ?(.*)$`, 's').exec(rest) ?? [];
  if (name === undefined) return [];
  const choices = [...type.matchAll(/'([^']+)'/g)].map(([, choice]) => choice);
  return [
    { name, type, kind: kindOf(type), choices, required: bracket === '', fallback: fallbackOf(about), about },
  ];
}

/**
 * The default among the words about an option: "'half' (default)", "1 by default", "the same by default", "by default all".
 * @param {string} about
 */
function fallbackOf(about) {
  const value = /('[^']+'|\[[^\]]*\]|true|false|(?<![\w.-])-?\d[\w.-]*) (?:\(default\b|by default\b)/.exec(
    about,
  );
  const words = /([^;:]*?),? by default(?=$|[,;.)])/.exec(about) ?? /by default ([^;]+)/.exec(about);
  return value?.[1] ?? words?.[1].trim() ?? '';
}

/** @param {string} type @returns {Kind} */
function kindOf(type) {
  if (type === 'number' || type === 'boolean') return type;
  if (/^'[^']+'( \| '[^']+')*$/.test(type)) return 'choice';
  if (type.includes("'")) return 'choices';
  if (type === 'Tensor') return 'tensor';
  if (type.startsWith('number | ')) return 'size';
  return /\[\]|ArrayBufferView/.test(type) ? 'numbers' : 'object';
}
