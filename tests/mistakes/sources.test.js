/** What callers give to load by mistake (sources.txt): paths, folders and files on disk. Servers: servers.test.js. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { load, loadTokenizer } from '../../web/index.js';
import { temporaryFolder } from '../cli/command.js';
import { folder as filesOf } from '../encoder/fixtures.js';
import { runner, testMistakes } from './table.js';

const top = temporaryFolder(/** @type {any} */ ({ after }));
let count = 0;
const fresh = () => join(top, String(count++));

/**
 * A model's folder on disk.
 * @param {Record<string, string | Uint8Array | null>} [changes] files to add, replace, or leave out (null)
 * @param {string} [path]
 */
function folder(changes = {}, path = fresh()) {
  mkdirSync(path, { recursive: true });
  for (const [name, content] of filesOf('bert_base', { 'case.safetensors': null, ...changes })) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return path;
}

/** A folder of models. @param {string[]} names */
function above(...names) {
  const path = fresh();
  for (const name of names) folder({}, join(path, name));
  return path;
}

/** @param {string} target */
function link(target) {
  const path = fresh();
  symlinkSync(target, path);
  return path;
}

const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
const weights = filesOf('bert_base').get('model.safetensors');

testMistakes('sources.txt', runner({ load, loadTokenizer, folder, above, link, bytes, weights, Buffer }));
