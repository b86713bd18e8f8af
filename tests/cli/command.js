// Running the command line as a program of its own, as users do. Not a test.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readTensorFile } from '../goldens/models.js';

export const CLI = fileURLToPath(new URL('../../web/cli.js', import.meta.url));
export const GOLDENS = fileURLToPath(new URL('../goldens/data/models/', import.meta.url));
/** The folder of the real MiniLM, which the set-up of the tests fetches. */
export const MINILM = process.env.MINILM ?? fileURLToPath(new URL('../../.cache/minilm', import.meta.url));

/** @typedef {{ code: number | null, stdout: Buffer, stderr: string }} Outcome */

/**
 * @param {string[]} words of the command line
 * @param {string} [input] what stands on standard input
 * @returns {Promise<Outcome>}
 */
export function run(words, input = '') {
  const child = spawn(process.execPath, [CLI, ...words], { stdio: 'pipe' });
  child.stdin.on('error', () => {}); // it may end without reading
  child.stdin.end(input);
  /** @type {Buffer[]} */
  const stdout = [];
  /** @type {Buffer[]} */
  const stderr = [];
  child.stdout.on('data', (chunk) => stdout.push(chunk));
  child.stderr.on('data', (chunk) => stderr.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }),
    );
  });
}

/**
 * The sentences of the MiniLM golden that fit on a line, with their reference vectors.
 * @returns {{ texts: string[], vectors: number[][], tolerance: number }}
 */
export function reference() {
  const { sentences, tol } = JSON.parse(readFileSync(join(GOLDENS, 'minilm/case.json'), 'utf8'));
  const embeddings = readTensorFile(join(GOLDENS, 'minilm/case.safetensors')).get('out.embeddings');
  const rows = /** @type {number[][]} */ (embeddings?.tolist());
  const kept = sentences
    .map((/** @type {any} */ sentence, /** @type {number} */ i) => ({ ...sentence, vector: rows[i] }))
    .filter((/** @type {any} */ { text }) => !/[\r\n]/.test(text));
  return {
    texts: kept.map((/** @type {any} */ { text }) => text),
    vectors: kept.map((/** @type {any} */ { vector }) => vector),
    tolerance: tol,
  };
}

/** @param {number[][]} found @param {number[][]} expected @returns {number} Infinity if the shapes differ */
export function worstDifference(found, expected) {
  if (found.length !== expected.length) return Infinity;
  const rows = found.map((row, i) => {
    if (row.length !== expected[i].length) return Infinity;
    return Math.max(...row.map((value, k) => Math.abs(value - expected[i][k])));
  });
  return rows.some(Number.isNaN) ? Infinity : Math.max(...rows);
}

/**
 * A folder that goes when the test ends.
 * @param {import('node:test').TestContext} context
 * @returns {string}
 */
export function temporaryFolder(context) {
  const folder = mkdtempSync(join(tmpdir(), 'wasmformer-'));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}
