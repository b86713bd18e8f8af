/**
 * Runs reference outputs against the library: `npm run goldens`. Reads the folder in $GOLDENS (by default the data beside
 * this file), walks the index of each of its parts, and prints the worst difference against the tolerance of every case.
 * Knows the form of the data, no case of it. $WASMFORMER_BUILD forces a build of the core; $MINILM is the folder of the
 * weights that cases without weights of their own need.
 *
 * A case is skipped if the library calls it unsupported and not-built-yet.json lists its architecture or function, or
 * the key of the config that the error names. An architecture that is listed but loads is a failure, too.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodingCases } from './encodings.js';
import { runImageCase } from './images.js';
import { runModelCase } from './models.js';
import { runTaskCase } from './tasks.js';
import { runTokenizerCase } from './tokenizers.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = process.env.GOLDENS ?? join(here, 'data');
const build = /** @type {'base' | 'relaxed' | undefined} */ (process.env.WASMFORMER_BUILD || undefined);
const minilm = process.env.MINILM ?? join(here, '../../.cache/minilm');

/** @type {{ models: string[], encodings: string[], images: string[], tokenizers: string[], tasks: string[], keys: string[] }} */
const notBuilt = JSON.parse(readFileSync(join(here, 'not-built-yet.json'), 'utf8'));

/**
 * @typedef {{ name: string, worst: number, tolerance: number, where: string }} Difference the output that comes nearest
 *   to its tolerance
 * @typedef {{ key: string, names: string[], run: (entry: any) => Promise<Difference | string> }} Part key: what
 *   not-built-yet.json lists; run gives a difference, or a sentence where there is nothing to measure
 */

const encodings = await encodingCases({ folder: join(root, 'encodings'), build });

const parts = {
  models: {
    key: 'architecture',
    run: (/** @type {any} */ entry) => runModelCase(entry, { folder: join(root, 'models'), build, minilm }),
  },
  families: {
    key: 'architecture',
    run: (/** @type {any} */ entry) => runModelCase(entry, { folder: join(root, 'families'), build, minilm }),
  },
  vision: {
    key: 'architecture',
    run: (/** @type {any} */ entry) => runModelCase(entry, { folder: join(root, 'vision'), build, minilm }),
  },
  audio: {
    key: 'architecture',
    run: (/** @type {any} */ entry) => runModelCase(entry, { folder: join(root, 'audio'), build, minilm }),
  },
  towers: {
    key: 'architecture',
    run: (/** @type {any} */ entry) => runModelCase(entry, { folder: join(root, 'towers'), build, minilm }),
  },
  spectrograms: {
    key: 'architecture',
    run: (/** @type {any} */ entry) =>
      runModelCase(entry, { folder: join(root, 'spectrograms'), build, minilm }),
  },
  traces: {
    key: 'architecture',
    run: (/** @type {any} */ entry) => runModelCase(entry, { folder: join(root, 'traces'), build, minilm }),
  },
  encodings: { key: 'function', run: encodings.run },
  images: {
    key: 'reference',
    run: (/** @type {any} */ entry) => runImageCase(entry, { folder: join(root, 'images'), build }),
  },
  processors: {
    key: 'reference',
    run: (/** @type {any} */ entry) => runImageCase(entry, { folder: join(root, 'processors'), build }),
  },
  tokenizers: {
    key: 'name',
    run: (/** @type {any} */ entry) => runTokenizerCase(entry, { folder: join(root, 'tokenizers') }),
  },
  tasks: {
    key: 'name',
    run: (/** @type {any} */ entry) => runTaskCase(entry, { folder: join(root, 'tasks'), build }),
  },
};

/** Keys of a config.json whose values are not built, as UnsupportedError names them. */
const listedKeys = new Set(notBuilt.keys);

const counts = { passed: 0, failed: 0, skipped: 0 };

for (const [part, { key, run }] of Object.entries(parts)) {
  const index = join(root, part, 'index.json');
  if (!existsSync(index)) continue;
  const missing = new Set(notBuilt[/** @type {keyof typeof notBuilt} */ (part)]);
  const list = JSON.parse(readFileSync(index, 'utf8'));
  for (const entry of list.cases ?? list[part]) {
    const [outcome, text] = await attempt(run, entry, missing.has(entry[key]));
    counts[outcome]++;
    console.log(`${outcome.padEnd(8)}${part}/${entry.name}: ${text}`);
  }
}

/**
 * @param {(entry: any) => Promise<Difference | string>} run
 * @param {any} entry
 * @param {boolean} expectMissing whether not-built-yet.json lists it
 * @returns {Promise<[keyof typeof counts, string]>}
 */
async function attempt(run, entry, expectMissing) {
  try {
    const result = await run(entry);
    if (expectMissing) return ['failed', 'not-built-yet.json lists it, but it is built'];
    if (typeof result === 'string') return ['passed', result];
    return [result.worst <= result.tolerance ? 'passed' : 'failed', describe(result)];
  } catch (error) {
    const { name, message, stack } = /** @type {Error} */ (error);
    const listed = expectMissing || listedKeys.has(/** @type {any} */ (error).path);
    if (name === 'UnsupportedError' && listed) return ['skipped', message];
    return ['failed', stack?.split('\n').slice(0, 4).join('\n') ?? message];
  }
}

encodings.dispose();

/** @param {Difference} difference */
function describe({ worst, tolerance, where }) {
  return `worst ${worst.toExponential(1)} of ${tolerance.toExponential(0)} allowed, at ${where}`;
}

console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
if (counts.failed || counts.passed === 0) process.exitCode = 1;
