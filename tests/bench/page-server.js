/** A server on loopback for the benchmark's pages, which has its files in memory once they were asked for: an empty page, and folders. */
import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

const TYPES = /** @type {Record<string, string>} */ ({
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
});

/**
 * @param {Record<string, string>} places folders by the paths that theirs begin with, and files by their own
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function serveFolders(places) {
  /** @type {Map<string, Buffer>} */
  const contents = new Map();
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const [start, at] = Object.entries(places).find(([prefix]) => path.startsWith(prefix)) ?? ['', ''];
    const file = at && join(at, path.slice(start.length));
    const found = file ? statSync(file, { throwIfNoEntry: false }) : null;
    if (path === '/') response.setHeader('content-type', 'text/html').end('<!doctype html>');
    else if (found?.isFile()) {
      response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
      const bytes = contents.get(file) ?? readFileSync(file);
      contents.set(file, bytes);
      response.setHeader('content-length', bytes.length);
      response.end(bytes);
    } else response.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
