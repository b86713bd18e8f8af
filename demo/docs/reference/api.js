/** What the package has for callers, read from the comments of its sources: functions, classes with their members, types. */
import { readFileSync } from 'node:fs';
import { commentsOf } from './jsdoc.js';

/** @typedef {import('./jsdoc.js').Comment} Comment */
/** @typedef {import('./jsdoc.js').Tag} Tag */

/**
 * @typedef {object} Signature one way to call something
 * @property {string} words
 * @property {Tag[]} params
 * @property {Tag | undefined} returns
 * @property {string} throws
 * @property {string[]} examples
 *
 * @typedef {object} Entry
 * @property {string} name
 * @property {'function' | 'method' | 'static' | 'value' | 'constructor'} kind
 * @property {string} type of a value
 * @property {Signature[]} signatures of a value one, for its words
 *
 * @typedef {object} Type
 * @property {string} name
 * @property {string} type
 * @property {string} words
 * @property {Tag[]} fields of an object
 */

const ROOT = new URL('../../../', import.meta.url);
const commentsIn = (/** @type {string} */ file) => commentsOf(readFileSync(new URL(file, ROOT), 'utf8'));

/** @param {Comment} comment @returns {Signature} */
const signatureOf = ({ words, tags }) => ({
  words,
  params: tags.filter(({ tag }) => tag === 'param'),
  returns: tags.find(({ tag }) => tag === 'returns'),
  throws: tags
    .filter(({ tag }) => tag === 'throws')
    .map((tag) => tag.words)
    .join('; '),
  examples: tags.filter(({ tag }) => tag === 'example').map((tag) => tag.words),
});

/**
 * @param {Comment[]} comments in their order
 * @param {(comment: Comment) => Pick<Entry, 'name' | 'kind'> | null} read what a comment stands before, null for what callers do not
 *   have
 * @returns {Entry[]}
 */
function entriesOf(comments, read) {
  /** @type {Entry[]} */
  const entries = [];
  /** @type {Comment[]} */
  let overloads = [];
  for (const comment of comments) {
    const has = (/** @type {string} */ tag) => comment.tags.some((one) => one.tag === tag);
    if (has('overload')) {
      overloads.push(comment);
      continue;
    }
    const found = has('internal') ? null : read(comment);
    const said = overloads.length ? overloads : [comment];
    overloads = [];
    if (!found) continue;
    const of = (/** @type {string} */ tag) => comment.tags.find((one) => one.tag === tag)?.type ?? '';
    const type = found.kind === 'value' ? of('type') || of('returns') : '';
    entries.push({ ...found, type, signatures: said.map(signatureOf) });
  }
  return entries;
}

/** @param {string} file @returns {Entry[]} the functions that it exports */
export const functionsIn = (file) =>
  entriesOf(commentsIn(file), ({ code, indent }) => {
    const name = /^export (?:async )?(?:function|const) (\w+)/.exec(code)?.[1];
    return indent || !name ? null : { name, kind: 'function' };
  });

/** @param {string} file with one class @returns {Entry[]} its members */
export const membersIn = (file) =>
  entriesOf(
    commentsIn(file).filter(({ indent }) => indent === 2),
    ({ code, tags }) => {
      const [, still, getter, name, call] =
        /^(static )?(?:async )?\*?(get )?(\w+|\[Symbol\.\w+\])(\()?/.exec(code) ?? [];
      if (!name || name === 'const') return null;
      if (name === 'constructor') return { name, kind: 'constructor' };
      if (getter || !call)
        return tags.some(({ tag }) => tag === 'type') || getter ? { name, kind: 'value' } : null;
      return { name, kind: still ? 'static' : 'method' };
    },
  );

/** @param {string} file @returns {string} what its class is */
export const aboutClassIn = (file) =>
  commentsIn(file).find(({ code, indent }) => indent === 0 && /^export class /.test(code))?.words ?? '';

/** @param {string} file @returns {Type[]} the types that it defines */
export const typesIn = (file) =>
  commentsIn(file).flatMap(({ words, tags }) => {
    /** @type {Type[]} */
    const types = [];
    for (const { tag, type, name, ...rest } of tags) {
      if (tag === 'typedef') {
        const said = [types.length ? '' : words, rest.words].filter(Boolean).join(' ');
        types.push({ name, type, words: said, fields: [] });
      } else if (tag === 'property') types.at(-1)?.fields.push({ tag, type, name, ...rest });
    }
    return types;
  });

/** @returns {{ name: string, code: string, words: string }[]} the classes of errors, their base first */
export const errors = () =>
  [
    ...readFileSync(new URL('bindings/errors.js', ROOT), 'utf8').matchAll(
      /^\/\*\* (.*) \*\/\nexport class (\w+)[\s\S]*?static code = '(\w+)'/gm,
    ),
  ].map(([, words, name, code]) => ({ name, code, words }));
