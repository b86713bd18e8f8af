/** The types of the comments as callers read them: names that are links, options as lists of fields. */
import { html } from '../html.js';

/**
 * @typedef {import('../html.js').Html} Html
 * @typedef {import('./api.js').Type} Type
 * @typedef {import('./jsdoc.js').Tag} Tag
 *
 * @typedef {ReadonlyMap<string, Type>} Types by their names
 */

/** Names of these sources for what has another name, or none, outside of them; parameters of types by what they may be. */
const KNOWN = /** @type {Record<string, string>} */ ({
  Signal: 'AbortSignal',
  WasmModule: 'WebAssembly.Module',
  P: 'Precision',
  D: 'Dtype',
  TensorData: 'TypedArray',
  ArrayBufferView: 'TypedArray',
});

/** @param {string} type @returns {string} without what is only for the compiler */
export const simple = (type) =>
  type
    .replace(/Global<([^<>]*)>/g, (_, names) => names.replace(/'/g, ''))
    .replace(/\bPublic\.|\bimport\([^)]*\)\./g, '')
    .replace(/\bDataOf<D>/g, 'TypedArray')
    .replace(/<P>/g, '')
    .replace(/\breadonly /g, '')
    .replace(/\bReadonly(?:Map)?<(?!.*=)/g, (name) => (name === 'Readonly<' ? '' : 'Map<'))
    .replace(/\b(\w+)\b/g, (name) => (Object.hasOwn(KNOWN, name) ? KNOWN[name] : name));

/** @param {string} name @returns {string} */
export const anchor = (name) => name.toLowerCase().replace(/[^\w.]/g, '');

/**
 * @param {string} type
 * @param {(name: string) => boolean} isKnown whether a name has a place on the page
 * @returns {Html}
 */
export const typeHtml = (type, isKnown) =>
  html`<code>${balanced(simple(type))
    .split(/\b([A-Z]\w+)\b/)
    .map((part, i) =>
      i % 2 && isKnown(part) ? html`<a href="#${anchor(part)}">${part}</a>` : part,
    )}</code>`;

/** `Readonly<X>` has lost its beginning: its end goes, too. @param {string} type */
function balanced(type) {
  const plain = type.replace(/=>/g, '=\0');
  const [opened, closed] = [plain.split('<').length, plain.split('>').length];
  return closed > opened ? type.replace(/>$/, '') : type;
}

/**
 * @param {string} type
 * @param {Types} types
 * @param {string} [words] what stands behind it, in which fields without words of their own are told
 * @returns {Tag[]} the fields of an object's type, put together of several; none if it is no such type
 */
export function fieldsOf(type, types, words = '') {
  return partsOf(type, '&').flatMap((part) => {
    const [, inner] = /^\{(.*)\}$/s.exec(part) ?? [];
    if (inner !== undefined) return inlineFields(inner, words);
    const [, base, without] = /^Omit<(\w+), '(\w+)'>$/.exec(part) ?? [];
    const name = base ?? simple(part).replace(/<.*>$/, '');
    const found = types.get(name);
    if (!found) return [];
    const fields = found.fields.length ? found.fields : fieldsOf(found.type, types, found.words);
    return fields.filter((field) => field.name !== without);
  });
}

/** @param {string} inner @param {string} words @returns {Tag[]} */
function inlineFields(inner, words) {
  const said = new Map(
    words.split('; ').flatMap((part) => {
      const [, names, about] = /^(\w+(?:, \w+)*): (.*)$/s.exec(part) ?? [];
      return names ? names.split(', ').map((name) => [name, about]) : [];
    }),
  );
  return partsOf(inner, ',').map((field) => {
    const [, name, optional, type] = /^(?:readonly )?(\w+)(\?)?: (.*)$/s.exec(field) ?? [];
    return { tag: 'property', name, type, optional: Boolean(optional), words: said.get(name) ?? '' };
  });
}

/** Splits where nothing is open. @param {string} text @param {string} mark @returns {string[]} */
function partsOf(text, mark) {
  const parts = [''];
  let depth = 0;
  for (const [i, letter] of [...text].entries()) {
    if ('{(<['.includes(letter)) depth++;
    if (')}]'.includes(letter) || (letter === '>' && text[i - 1] !== '=')) depth--;
    if (letter === mark && depth === 0) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts.map((part) => part.trim()).filter(Boolean);
}
