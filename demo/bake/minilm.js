/** The real MiniLM, which the set-up fetches, for what the page shows before a visitor loads it. */
import { fileURLToPath } from 'node:url';
import { load, loadTokenizer } from '../../web/index.js';

const FOLDER = process.env.MINILM ?? fileURLToPath(new URL('../../.cache/minilm', import.meta.url));

/** @type {ReturnType<typeof read> | undefined} */
let made;

/** The encoder and its tokenizer, read once. */
export function minilm() {
  made ??= read();
  return made;
}

async function read() {
  const [encoder, tokenizer] = await Promise.all([load(FOLDER), loadTokenizer(FOLDER)]);
  return { encoder, tokenizer };
}

/** @param {ArrayBufferView} array */
export const base64 = ({ buffer, byteOffset, byteLength }) =>
  Buffer.from(/** @type {ArrayBuffer} */ (buffer), byteOffset, byteLength).toString('base64');
