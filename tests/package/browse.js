/** Folders as a plain server gives them, and pages of theirs in Chromium. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright-core';

const TYPES = /** @type {Record<string, string>} */ ({
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
});

/**
 * Serves a folder on loopback while a page of it is used.
 * @template T
 * @param {string} root
 * @param {string} file of the page
 * @param {(page: import('playwright-core').Page, asked: string[]) => Promise<T>} use asked: the paths that were asked for
 * @param {Record<string, string>} [folders] served under other paths
 */
export async function browse(root, file, use, folders = {}) {
  /** @type {string[]} */
  const asked = [];
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    asked.push(path);
    const [start, folder] = Object.entries(folders).find(([prefix]) => path.startsWith(`${prefix}/`)) ?? [
      '',
      root,
    ];
    try {
      const body = readFileSync(join(folder, path.slice(start.length)));
      response.setHeader('content-type', TYPES[extname(path)] ?? 'text/plain');
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${port}/${file}`);
    return await use(page, asked);
  } finally {
    await browser.close();
    server.close();
    server.closeAllConnections();
  }
}

/**
 * The text of a page, once it matches; an error of the page is one here.
 * @param {string} root
 * @param {string} file
 * @param {RegExp} pattern
 * @param {Record<string, string>} [folders]
 */
export const textOf = (root, file, pattern, folders) =>
  browse(
    root,
    file,
    (page) =>
      new Promise((resolve, reject) => {
        page.on('pageerror', reject);
        const { source } = pattern;
        const found = page.waitForFunction((text) => {
          const shown = document.body?.innerText ?? '';
          return new RegExp(text).test(shown) ? shown : null;
        }, source);
        found.then(async (handle) => resolve(String(await handle.jsonValue())), reject);
      }),
    folders,
  );
