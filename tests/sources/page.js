// A page in a real Chromium that imports the library by its name, from a server of the tests. It has no content security policy,
// since it loads from servers other than its own. Not a test.
import { readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SHOWN = /^(?:bindings|web|node_modules\/@noble\/hashes)\/[\w@./-]+$/;
/** @type {Record<string, string>} */
const TYPES = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };
const MAP =
  '<script type="importmap">{ "imports": { "@noble/hashes/": "/node_modules/@noble/hashes/", "wasmformer": "/web/index.js" } }</script>';
const PAGE = `<!doctype html><html><head>${MAP}</head><body></body></html>`;

/**
 * Answers with the page, at pages/, and with the library's files.
 * @param {import('./server.js').Answering} answering
 * @returns {boolean} false if something else is asked for
 */
export function answerLibrary({ path, response }) {
  const isFile = SHOWN.test(path) && statSync(ROOT + path, { throwIfNoEntry: false })?.isFile();
  if (path === 'pages/') response.setHeader('content-type', 'text/html').end(PAGE);
  else if (isFile)
    response.setHeader('content-type', TYPES[extname(path)] ?? 'text/plain').end(readFileSync(ROOT + path));
  return path === 'pages/' || Boolean(isFile);
}

/**
 * @param {string} url of a server that answers with the library
 * @param {{ after: (end: () => Promise<void>) => void }} context
 */
export async function openPage(url, context) {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const args = ['--headless', '--no-sandbox', '--disable-gpu'];
  const browser = await chromium.launch({ executablePath, args });
  context.after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`${url}pages/`);
  return page;
}
