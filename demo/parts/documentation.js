/** What stands above the code of the encodings, read from the same files that this page runs. */
import { documentationOf, encodingFiles } from '../../web/documentation.js';

const FACADE = new URL('../../bindings/encodings/index.js', import.meta.url);

/** @type {Map<string, Promise<string>>} */
const texts = new Map();

/** @param {URL} url @returns {Promise<string>} */
function textOf(url) {
  const known = texts.get(url.href);
  if (known) return known;
  const text = fetch(url).then((response) => {
    if (!response.ok) throw new Error(`${url.pathname} answered ${response.status}`);
    return response.text();
  });
  text.catch(() => texts.delete(url.href));
  texts.set(url.href, text);
  return text;
}

/** @param {string} name of an encoding @returns {Promise<import('../../web/documentation.js').Documentation>} */
export async function describeEncoding(name) {
  const path = encodingFiles(await textOf(FACADE)).get(name);
  if (path === undefined) throw new Error(`there is no encoding ${name}`);
  return documentationOf(name, await textOf(new URL(path, FACADE)));
}
