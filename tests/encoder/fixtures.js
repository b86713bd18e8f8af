/** Small models for the tests: the goldens' folders as Maps of files, to be changed before loading, and errors to expect. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hasRelaxedSimd } from '../../web/features.js';
import { WasmformerError } from '../../web/index.js';

export const models = fileURLToPath(new URL('../goldens/data/models/', import.meta.url));
/** The builds that this engine runs. @type {('base' | 'relaxed')[]} */
export const BUILDS = hasRelaxedSimd() ? ['base', 'relaxed'] : ['base'];
export const minilm = process.env.MINILM ?? fileURLToPath(new URL('../../.cache/minilm', import.meta.url));

/**
 * A golden's folder in memory.
 * @param {string} name
 * @param {Record<string, Uint8Array | object | string | null>} [changes] files to add, replace, or leave out (null)
 * @returns {Map<string, Uint8Array<ArrayBuffer>>}
 */
export function folder(name, changes = {}) {
  const files = new Map();
  for (const file of readdirSync(models + name)) {
    if (/\.(json|safetensors)$/.test(file))
      files.set(file, new Uint8Array(readFileSync(`${models}${name}/${file}`)));
  }
  for (const [file, content] of Object.entries(changes)) {
    if (content === null) files.delete(file);
    else if (content instanceof Uint8Array) files.set(file, content);
    else
      files.set(
        file,
        new TextEncoder().encode(typeof content === 'string' ? content : JSON.stringify(content)),
      );
  }
  return files;
}

/**
 * A golden's config with keys changed.
 * @param {string} name
 * @param {Record<string, unknown>} changes undefined removes a key
 */
export const config = (name, changes) => ({
  ...JSON.parse(readFileSync(`${models}${name}/config.json`, 'utf8')),
  ...changes,
});

/**
 * A safetensors file.
 * @param {Record<string, { dtype: string, shape: readonly number[], data: Uint8Array }>} tensors
 */
export function safetensors(tensors) {
  let end = 0;
  const header = Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, shape, data }]) => {
      end += data.length;
      return [name, { dtype, shape, data_offsets: [end - data.length, end] }];
    }),
  );
  const text = new TextEncoder().encode(JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  let at = 8 + text.length;
  for (const { data } of Object.values(tensors)) {
    file.set(data, at);
    at += data.length;
  }
  return file;
}

/**
 * Expects an error of the library that names what was wrong.
 * @param {Promise<unknown> | (() => unknown)} action
 * @param {string} name of the class
 * @param {RegExp} message
 */
export async function rejects(action, name, message) {
  await assert.rejects(
    async () => (typeof action === 'function' ? action() : action),
    (/** @type {any} */ error) => {
      assert.ok(error instanceof WasmformerError, `${error?.stack}`);
      assert.equal(error.name, name);
      assert.match(error.message, message);
      assert.match(error.code, /^ERR_/);
      return true;
    },
  );
}
