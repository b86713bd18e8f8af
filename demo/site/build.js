/**
 * Builds the page: `node demo/site/build.js`, into build/site, a folder that any static host serves, also under a path of its own.
 * All but index.html and the service worker have names that change with their content.
 */
import { createHash } from 'node:crypto';
import { copyFile, link, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, transform } from 'esbuild';
import { buildDocs } from '../docs/build.js';
import { common, hashed } from './plugins.js';
import { previewPng, previewSvg } from './preview.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DEMO = join(ROOT, 'demo');

/** Models that `make` fetches, offered by the page where they are. */
const MODELS = [
  { name: 'all-MiniLM-L6-v2', kind: 'text', folder: 'minilm' },
  { name: 'DINOv2 small', kind: 'picture', folder: 'photo' },
];

/** What is fetched and kept at the first visit: all scripts, and of the rest what is smaller than this. */
const KEPT = 200_000;

/**
 * @param {string} folder is made; what it held is removed
 * @returns {Promise<{ files: number, bytes: number }>}
 */
export async function buildSite(folder) {
  const assets = join(folder, 'assets');
  await rm(folder, { recursive: true, force: true });
  await mkdir(assets, { recursive: true });
  const { metafile } = await build({
    ...common(ROOT, assets),
    entryPoints: { main: join(DEMO, 'main.js'), style: join(DEMO, 'style.css') },
    splitting: true,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    outdir: assets,
    metafile: true,
  });
  const outputs = Object.entries(metafile.outputs).map(([path, output]) => ({
    ...output,
    file: basename(path),
  }));
  const outputOf = (/** @type {RegExp} */ name) => {
    const found = outputs.find(({ file }) => name.test(file));
    if (!found) throw new Error(`the build made no ${name}`);
    return found;
  };
  const main = outputOf(/^main-.*\.js$/);
  const put = async (/** @type {string} */ file, /** @type {Uint8Array | string} */ bytes) => {
    const name = hashed(file, bytes);
    await writeFile(join(assets, name), bytes);
    return `assets/${name}`;
  };
  const theme = (
    await transform(await readFile(join(DEMO, 'theme.js'), 'utf8'), { minify: true })
  ).code.trim();
  const core = await stat(join(ROOT, 'web/wasm/wasmformer-relaxed.wasm'));
  /** @type {Record<string, string>} */
  const values = {
    policy: policyOf(theme),
    theme,
    icon: await put('icon.svg', await readFile(join(DEMO, 'icon.svg'))),
    preview: await put('preview.png', await previewPng(await previewSvg())),
    style: `assets/${outputOf(/^style-.*\.css$/).file}`,
    main: `assets/${main.file}`,
    sans: `assets/${outputOf(/^instrument-sans/).file}`,
    serif: `assets/${outputOf(/^newsreader/).file}`,
    core: String(Math.round(core.size / 1000)),
    preload: main.imports
      .filter(({ kind }) => kind === 'import-statement')
      .map(({ path }) => `<link rel="modulepreload" href="assets/${basename(path)}">`)
      .join('\n'),
  };
  const page = await readFile(join(DEMO, 'index.html'), 'utf8');
  const filled = page.replace(/\{\{(\w+)\}\}/g, (_, key) => values[key]);
  await writeFile(join(folder, 'index.html'), filled);
  await buildDocs(join(folder, 'docs'));
  await writeFile(join(folder, '.nojekyll'), '');
  await putModels(join(folder, 'models'));

  const names = await readdir(assets);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(assets, name))).size));
  const kept = names
    .filter((name, i) => name.endsWith('.js') || sizes[i] < KEPT)
    .map((name) => `assets/${name}`);
  const version = createHash('sha256')
    .update([filled, ...kept].join('\n'))
    .digest('hex')
    .slice(0, 12);
  const worker = (await readFile(join(DEMO, 'sw.js'), 'utf8'))
    .replace('{{version}}', version)
    .replace("['{{files}}']", JSON.stringify(['./', ...kept]));
  await writeFile(join(folder, 'sw.js'), worker);
  return { files: names.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** The models that are there, and a list of them. @param {string} folder */
async function putModels(folder) {
  const list = [];
  for (const { name, kind, folder: one } of MODELS) {
    const from = join(ROOT, '.cache', one);
    /** @type {string[]} */
    const names = await readdir(from, { recursive: true }).catch(() => []);
    if (!names.includes('model.safetensors')) continue;
    const files = [];
    let bytes = 0;
    for (const file of names.filter((name) => !name.startsWith('.'))) {
      const [source, target] = [join(from, file), join(folder, one, file)];
      const found = await stat(source);
      if (!found.isFile()) continue;
      files.push(file);
      bytes += found.size;
      await mkdir(dirname(target), { recursive: true });
      await link(source, target).catch(() => copyFile(source, target));
    }
    list.push({ name, kind, path: `models/${one}/`, bytes, files });
  }
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'index.json'), JSON.stringify(list));
}

/** The policy that the page states itself, so that it holds on any host. @param {string} script that stands in the page */
function policyOf(script) {
  const hash = createHash('sha256').update(script).digest('base64');
  return [
    "default-src 'self'",
    `script-src 'self' 'wasm-unsafe-eval' 'sha256-${hash}'`,
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    "connect-src 'self' https:", // models of the visitor's choice
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = process.argv[2] ?? join(ROOT, 'build/site');
  const { files, bytes } = await buildSite(folder);
  console.log(`build/site: ${files} files, ${Math.round(bytes / 1000)} KB`);
}
