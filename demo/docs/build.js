/**
 * Writes the pages of the encodings: `node demo/docs/build.js`, into build/docs. What they say comes from the comments above
 * the functions; the pictures and the rules of options come from running them.
 */
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { documentationOf, encodingFiles, fieldsOf } from '../../web/documentation.js';
import { encodings } from '../../web/index.js';
import { functionPage, indexPage } from './page.js';
import { draw, PICTURES } from './pictures/index.js';
import { rulesOf } from './rules.js';
import { TOPICS } from './topics.js';

/**
 * @typedef {import('./page.js').Entry} Entry
 * @typedef {import('../../web/documentation.js').DocumentedOption} DocumentedOption
 * @typedef {import('./pictures/index.js').Encodings} Encodings
 */

const FACADE = new URL('../../bindings/encodings/index.js', import.meta.url);
const STATIC = { 'style.css': '../style.css', 'icon.svg': '../icon.svg', 'docs.css': 'docs.css' };

/** What the comments say of all functions, by name. */
export async function documentedFunctions() {
  const files = encodingFiles(await readFile(FACADE, 'utf8'));
  const sources = new Map();
  for (const path of new Set(files.values()))
    sources.set(path, await readFile(new URL(path, FACADE), 'utf8'));
  const all = new Map([...files].map(([name, path]) => [name, documentationOf(name, sources.get(path))]));
  return { all, sources: /** @type {string[]} */ ([...sources.values()]) };
}

/**
 * @param {string} folder is made; what it held is removed
 * @returns {Promise<number>} how many pages there are
 * @throws {Error} a function that no topic or no picture names
 */
export async function buildDocs(folder) {
  const { all, sources } = await documentedFunctions();
  const order = TOPICS.flatMap((topic) => topic.functions.map((name) => ({ name, topic })));
  for (const name of all.keys()) {
    const count = order.filter((place) => place.name === name).length;
    if (count !== 1) throw new Error(`demo/docs/topics.js names ${name} ${count} times; expected once`);
    if (!(name in PICTURES)) throw new Error(`demo/docs/pictures has no picture of ${name}`);
  }
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const write = (/** @type {string} */ file, /** @type {string | Uint8Array} */ data) =>
    writeFile(join(folder, file), data);
  const pe = await encodings();
  /** @type {Map<string, Entry>} */
  const entries = new Map();
  for (const { name } of order) {
    const documentation = all.get(name);
    if (!documentation) throw new Error(`demo/docs/topics.js names ${name}, which is no encoding`);
    const picture = PICTURES[name](pe);
    const { bytes, ...drawn } = await draw(pe, name, picture);
    await write(drawn.file, bytes);
    const forms = [picture.options, ...(picture.forms ?? [])];
    const saidOf = (
      /** @type {readonly DocumentedOption[]} */ options,
      /** @type {string | undefined} */ owner = undefined,
    ) =>
      Object.fromEntries(
        options.map((option) => {
          const rules = rulesOf(pe, name, option.name, forms, owner);
          // Bounds that depend on other options are those of the form that was tried: the words say which.
          return [option.name, rules.length === 1 ? rules[0] : null];
        }),
      );
    const structures = documentation.options.flatMap(({ name: owner, type }) => {
      const fields = sources.map((source) => fieldsOf(type, source)).find((found) => found.length);
      return fields ? [{ type, fields, rules: saidOf(fields, owner) }] : [];
    });
    entries.set(name, {
      documentation,
      rules: saidOf(documentation.options),
      structures,
      picture: { ...drawn, about: picture.about },
    });
  }
  pe.dispose();
  for (const [i, { name, topic }] of order.entries()) {
    const place = {
      topic,
      before: order[i - 1]?.name,
      after: order[i + 1]?.name,
      hasPage: (/** @type {string} */ other) => all.has(other),
    };
    await write(`${name}.html`, functionPage(/** @type {Entry} */ (entries.get(name)), place));
  }
  await write('index.html', indexPage(TOPICS, entries));
  for (const [file, source] of Object.entries(STATIC))
    await copyFile(new URL(source, import.meta.url), join(folder, file));
  return entries.size + 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = fileURLToPath(new URL('../../build/docs', import.meta.url));
  console.log(`build/docs: ${await buildDocs(folder)} pages`);
}
