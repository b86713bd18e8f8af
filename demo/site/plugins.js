/**
 * What esbuild is told of the page's own names: `baked:NAME` is what demo/bake/NAME.js makes, `model:PATH` the addresses of a
 * folder's files, `asset:PATH` that of a file, `worker:PATH` that of a thread's program, a style sheet is its text; and whatever
 * the library finds beside itself (`new URL('./x', import.meta.url)`) gets a hashed name.
 */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, transform } from 'esbuild';
import subsetFont from 'subset-font';

/** @typedef {import('esbuild').Plugin} Plugin */

/** What the fonts keep: Latin-1, and the signs that the page writes. */
const LETTERS = [
  ...Array.from({ length: 95 }, (_, i) => String.fromCodePoint(0x20 + i)),
  ...Array.from({ length: 96 }, (_, i) => String.fromCodePoint(0xa0 + i)),
  '–—‘’“”…−×←→↑↓≤≥≈▾',
].join('');

/** Files of a model that the page reads. */
const OF_A_MODEL = /\.(json|safetensors|txt)$/;

/** @param {Uint8Array | string} bytes */
const hashOf = (bytes) =>
  createHash('sha256').update(bytes).digest('base64url').replace(/[-_]/g, '').slice(0, 8);

/** A name that changes with the content. @param {string} name @param {Uint8Array | string} bytes */
export function hashed(name, bytes) {
  const ending = extname(name);
  return `${basename(name, ending)}-${hashOf(bytes)}${ending}`;
}

/**
 * @param {string} root the project's folder
 * @param {string} out the folder of the hashed files
 * @returns {Plugin}
 */
export const site = (root, out) => ({
  name: 'site',
  setup(builder) {
    const emit = async (/** @type {string} */ file) => {
      const name = hashed(file, await readFile(file));
      await mkdir(out, { recursive: true });
      await copyFile(file, join(out, name));
      return name;
    };
    const address = (/** @type {string} */ name) => `new URL('./${name}', import.meta.url).href`;

    builder.onResolve({ filter: /^(baked|model|asset|worker):/ }, ({ path }) => {
      const [kind, name] = path.split(/:(.*)/);
      return { path: name, namespace: kind };
    });
    builder.onLoad({ filter: /.*/, namespace: 'baked' }, async ({ path }) => {
      const { default: bake } = await import(pathToFileURL(join(root, 'demo/bake', `${path}.js`)).href);
      return { contents: JSON.stringify(await bake()), loader: 'json' };
    });
    builder.onLoad({ filter: /.*/, namespace: 'asset' }, async ({ path }) => ({
      contents: `export default ${address(await emit(join(root, path)))};`,
    }));
    builder.onLoad({ filter: /.*/, namespace: 'worker' }, async ({ path }) => ({
      contents: `export default ${address(await worker(join(root, path)))};`,
    }));
    builder.onLoad({ filter: /.*/, namespace: 'model' }, async ({ path }) => {
      const folder = join(root, 'demo/models', path);
      const files = (await readdir(folder)).filter((name) => OF_A_MODEL.test(name));
      const lines = await Promise.all(
        files.map(async (name) => `${JSON.stringify(name)}: ${address(await emit(join(folder, name)))},`),
      );
      return { contents: `export default {\n${lines.join('\n')}\n};` };
    });
    builder.onLoad({ filter: /\.woff2$/ }, async ({ path }) => ({
      contents: await subsetFont(await readFile(path), LETTERS, { targetFormat: 'woff2' }),
      loader: 'file',
    }));
    builder.onLoad({ filter: /\/demo\/.*\.css$/ }, async ({ path }) => {
      const css = await readFile(path, 'utf8');
      if (path.endsWith('/demo/style.css'))
        return { contents: css, loader: 'css', resolveDir: dirname(path) };
      const { code } = await transform(css, { loader: 'css', minify: true });
      return { contents: code, loader: 'text' };
    });
    builder.onLoad({ filter: /\/web\/[^/]+\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const found = [...text.matchAll(/new URL\('(\.\/[^']+)', import\.meta\.url\)/g)];
      let contents = text;
      for (const [whole, target] of found) {
        const file = join(dirname(path), target);
        const name = target.endsWith('.js') ? await worker(file) : await emit(file);
        contents = contents.replace(whole, `new URL('./${name}', import.meta.url)`);
      }
      return { contents, loader: 'js' };
    });

    /** A worker is a program of its own, in one file. @param {string} file */
    const worker = async (file) => {
      const { outputFiles } = await build({ ...common(root, out), entryPoints: [file], write: false });
      const name = hashed(file, outputFiles[0].contents);
      await writeFile(join(out, name), outputFiles[0].contents);
      return name;
    };
  },
});

/**
 * @param {string} root
 * @param {string} out
 * @returns {import('esbuild').BuildOptions & { plugins: Plugin[] }}
 */
export const common = (root, out) => ({
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  assetNames: '[name]-[hash]',
  plugins: [site(root, out)],
});
