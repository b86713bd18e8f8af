/**
 * Joins what the npm package holds, in dist: `node tests/setup/join.js`. A file a module costs 0.2 ms each in Node and a request
 * each in a page, so the entries share few files; they are minified, which an engine reads sooner, in short lines. The single files of `wasmformer/inline` have the core within. Not here: compiling the core, the declarations.
 */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { build } from 'esbuild';

/** @import { BuildOptions, Plugin } from 'esbuild' */

/** @type {BuildOptions} */
const COMMON = {
  ...{ bundle: true, format: 'esm', platform: 'node', target: 'es2022', outdir: 'dist' },
  ...{ logLevel: 'warning', legalComments: 'none' },
};
/** What stands in the single files in place of what needs other files. */
const INLINE = ['builds', 'start-thread', 'start-worker'];
/** An import by a name that is no literal, of a package that may lack; and what tells bundlers to leave it, which joining takes away. */
const OPTIONAL = /\bimport\(([\w$]+)\)/g;
const LEFT_ALONE = 'import(/* webpackIgnore: true *//* turbopackIgnore: true *//* @vite-ignore */$1)';
/** What bundlers find a file by. */
const ADDRESS = /\bnew\s+URL\(\s*("[^"]+")\s*,\s*import\s*\.\s*meta\s*\.\s*url\s*\)/g;
/** Bytes of a build at a time: two of them lie well within what deflate looks back. */
const TURN = 4096;
/** Where a classic script is: in Node its path, in a page nothing needs it. */
const CLASSIC_URL = 'typeof __filename === "string" ? "file://" + __filename : "http://localhost/"';

/** @type {Plugin} */
const inlineFiles = {
  name: 'inline files',
  setup: (context) => {
    const filter = new RegExp(`/(?:${INLINE.join('|')})\\.js$`);
    context.onResolve({ filter }, ({ path, resolveDir, kind }) =>
      kind === 'entry-point'
        ? undefined
        : context.resolve(path.replace(/\.js$/, '-inline.js'), { resolveDir, kind }),
    );
  },
};

/** What a table of the encodings says for the documentation and the command line, which the single files lack: a line, and those set in. */
const WORDS = /^ {4}(?:summary|more|formula|models|source|example): .*\n(?: {6}.*\n)*/gm;

/** @type {Plugin} */
const withoutWords = {
  name: 'without words',
  setup: (context) =>
    context.onLoad({ filter: /bindings.encodings.\w+\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(WORDS, ''),
    })),
};

rmSync('dist', { recursive: true, force: true });
const {
  metafile: { inputs },
} = await build({
  ...COMMON,
  metafile: true,
  ...{ minify: true, lineLimit: 160, splitting: true },
  entryPoints: ['index', 'encodings', 'worker', 'thread', 'cli'].map((name) => `web/${name}.js`),
});
writeFileSync('dist/LICENCES.txt', licencesOf(Object.keys(inputs)));
cpSync('web/wasm', 'dist/wasm', { recursive: true });
for (const host of ['workerd', 'edge-light']) {
  writeFileSync(`dist/${host}.js`, hostEntry(host, 'index', ['load', 'encodings']));
  writeFileSync(`dist/${host}-encodings.js`, hostEntry(host, 'encodings', ['encodings']));
}

await build(inline({ entryPoints: { inline: 'web/index.js', 'inline-encodings': 'web/encodings.js' } }));
// `require` takes the entries themselves where the engine lets it, else the one file, which is a classic script, too.
const names = Object.keys(await import('../../web/index.js')).join(', ');
await build(
  inline({
    entryPoints: { inline: 'web/index.js' },
    ...{ format: 'iife', globalName: 'wasmformer', outdir: 'dist/classic' },
    define: { 'import.meta.url': 'scriptUrl' },
    banner: { js: `var scriptUrl = ${CLASSIC_URL};` },
    footer: {
      js: `if (typeof module === 'object') module.exports = wasmformer;\n0 && (module.exports = { ${names} });`,
    },
  }),
);
for (const file of readdirSync('dist', { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.js'),
)) {
  const text = readFileSync(`dist/${file}`, 'utf8');
  // Lines that end in the middle of an address: bundlers would not know it.
  const whole = text
    .replaceAll('\\\n', '')
    .replaceAll(ADDRESS, 'new URL($1,import.meta.url)')
    .replaceAll(OPTIONAL, LEFT_ALONE);
  if (whole !== text) writeFileSync(`dist/${file}`, whole);
}
writeFileSync('dist/classic/package.json', '{ "type": "commonjs" }\n');
for (const entry of ['index', 'encodings']) writeFileSync(`dist/classic/${entry}.js`, requireEntry(entry));

/** @param {BuildOptions} options @returns {BuildOptions} */
function inline(options) {
  return {
    ...COMMON,
    minify: true,
    ...options,
    define: { ...options.define, 'import.meta.builds': JSON.stringify(packedBuilds()) },
    plugins: [inlineFiles, withoutWords],
  };
}

/** The builds of the core as base64, deflated in turns of some bytes each: they are nearly the same, and so take little more than one. */
function packedBuilds() {
  const files = ['base', 'relaxed'].map((name) => readFileSync(`web/wasm/wasmformer-${name}.wasm`));
  const sizes = files.map(({ length }) => length);
  const turns = [];
  for (let at = 0; at < Math.max(...sizes); at += TURN)
    turns.push(...files.map((file) => file.subarray(at, at + TURN)));
  const data = deflateRawSync(Buffer.concat(turns), { level: 9 }).toString('base64');
  return { turn: TURN, sizes: { base: sizes[0], relaxed: sizes[1] }, data };
}

/**
 * An entry for a host that compiles no bytes, and imports modules.
 * @param {string} host
 * @param {string} entry
 * @param {string[]} names of what takes the core as an option, its last argument
 */
function hostEntry(host, entry, names) {
  const query = host === 'edge-light' ? '?module' : '';
  const calls = names.map((name) => {
    const first = name === 'load' ? 'source, ' : '';
    return `export const ${name} = (${first}options) => all.${name}(${first}{ wasm, ...options });\n`;
  });
  return `import base from './wasm/wasmformer-base.wasm${query}';
import relaxed from './wasm/wasmformer-relaxed.wasm${query}';
import * as all from './${entry}.js';
export * from './${entry}.js';
const wasm = { base, relaxed };
${calls.join('')}`;
}

/** What `require` gets. @param {string} entry */
function requireEntry(entry) {
  return `let found;
try {
  found = require('../${entry}.js');
} catch (error) {
  if (!/^ERR_REQUIRE_ESM/.test(error.code) && error.name !== 'SyntaxError') throw error;
  found = require('./inline.js');
}
module.exports = found;
`;
}

/** The licences of what the package has of others. @param {string[]} inputs the files that were joined @returns {string} */
function licencesOf(inputs) {
  const folders = inputs.flatMap((path) => /^(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  return [...new Set(folders)]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      if (!file) throw new Error(`${folder} has no file of its licence`);
      return `${name} ${version} (${license})\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n\n\n`;
    })
    .join('');
}
