/** The JSDoc comments of a source file, taken apart, with what each stands before. Not here: what is made of them. */

/**
 * @typedef {object} Tag
 * @property {string} tag
 * @property {string} type between its braces, or nothing
 * @property {string} name of a parameter, a property or a type
 * @property {boolean} optional
 * @property {string} words
 *
 * @typedef {object} Comment
 * @property {string} words before its tags
 * @property {Tag[]} tags
 * @property {string} code what stands behind it, to the end of the line
 * @property {number} indent
 */

const TAGS =
  'typedef|property|param|returns|throws|template|overload|example|type|readonly|internal|import|this';
const NAMED = ['typedef', 'property', 'param'];

/** @param {string} source @returns {Comment[]} in their order */
export const commentsOf = (source) =>
  [...source.matchAll(/^( *)\/\*\*([\s\S]*?)\*\/(?=\s*([^\n]*))/gm)].map(([, space, text, code]) => ({
    ...taken(text),
    code,
    indent: space.length,
  }));

/** @param {string} text of a comment @returns {{ words: string, tags: Tag[] }} */
function taken(text) {
  const plain = text.replace(/^[ \t]*\* ?/gm, '');
  const [words, ...rest] = plain.split(new RegExp(`(?:^|(?<=\\s))@(?=(?:${TAGS})\\b)`, 'm'));
  return { words: paragraphs(words), tags: rest.map(tagOf) };
}

/** @param {string} text @returns {Tag} */
function tagOf(text) {
  const tag = /^\w+/.exec(text)?.[0] ?? '';
  if (tag === 'example') return { tag, type: '', name: '', optional: false, words: text.slice(8).trim() };
  let rest = text.slice(tag.length).trim();
  let type = '';
  if (rest.startsWith('{') && tag !== 'throws' && tag !== 'import') {
    const end = closing(rest);
    type = rest.slice(1, end).replace(/\s+/g, ' ').trim();
    rest = rest.slice(end + 1).trim();
  }
  const [whole = '', inner = ''] = NAMED.includes(tag) ? (/^\[(\w+)[^\]]*\]|^[\w.]+/.exec(rest) ?? []) : [];
  return {
    tag,
    type,
    name: inner || whole,
    optional: inner !== '',
    words: paragraphs(rest.slice(whole.length)),
  };
}

/** Lines of a paragraph are one, and paragraphs stay apart. @param {string} text */
const paragraphs = (text) =>
  text
    .split(/\n\s*\n/)
    .map((part) => part.replace(/\s+/g, ' ').trim())
    .filter(Boolean)
    .join('\n\n');

/** @param {string} text that begins with a brace @returns {number} where that one is closed */
function closing(text) {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '{') depth++;
    if (text[i] === '}' && --depth === 0) return i;
  }
  throw new Error(`a type is not closed: ${text.slice(0, 60)}`);
}
