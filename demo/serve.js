/**
 * Serves the built page on this machine: `node demo/serve.js [--port N] [--isolate]`. Only the folders that the page needs, by
 * GET; no link leads out of them. The page states its own policy. Not a server for the open internet.
 */
import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const HOST = '127.0.0.1';
const FIRST_PORT = 8080;
const PORTS_TRIED = 20;
/** Milliseconds after which a connection on which nothing moves is closed. */
const IDLE = 120_000;

/** What the server shows. */
const FOLDER = 'build/site';

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/** Static hosts send these smaller; so does this one. */
const PRESSED = /^text\/|json|svg|wasm/;

/** @typedef {{ status: number, type: string, length: number, location?: string, body: string | Buffer | { file: string } }} Answer */

/**
 * Starts the server on 127.0.0.1.
 * @param {{ port?: number, isolate?: boolean, root?: string, under?: string }} [options] port: 0 for any; by default 8080 or the
 *   next free one. isolate: send the headers (COOP, COEP) that give a page SharedArrayBuffer. root: the folder of the folders
 *   shown. under: the path that the page stands under, with slashes
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function startServer({ port, isolate = false, root = ROOT, under = '/' } = {}) {
  const server = createServer(async (request, response) => {
    const found = await answer(request, root, under).catch(() => text(500, 'could not be read'));
    await press(request, response, found);
    response.writeHead(found.status, {
      'content-type': found.type,
      'content-length': found.length,
      'cache-control': 'no-cache',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      ...(found.location && { location: found.location }),
      ...(found.status === 405 && { allow: 'GET, HEAD' }),
      ...(isolate && {
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      }),
    });
    if (request.method === 'HEAD' || !found.length) response.end();
    else if (typeof found.body === 'string' || Buffer.isBuffer(found.body)) response.end(found.body);
    else await send(found.body.file, response);
  });
  server.setTimeout(IDLE);
  const bound = await listen(server, port);
  return {
    url: `http://${HOST}:${bound}${under}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * Closes the file and the connection whoever of the two ends first; the client may have left before.
 * @param {string} file
 * @param {import('node:http').ServerResponse} response
 */
async function send(file, response) {
  if (response.destroyed) return;
  await pipeline(createReadStream(file), response).catch(() => response.destroy());
}

/**
 * @param {import('node:http').Server} server
 * @param {number | undefined} wanted
 * @returns {Promise<number>} the port that it listens on
 */
async function listen(server, wanted) {
  const last = wanted ?? FIRST_PORT + PORTS_TRIED - 1;
  for (let port = wanted ?? FIRST_PORT; ; port++) {
    try {
      await new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, HOST, () => {
          server.off('error', reject);
          resolve(undefined);
        });
      });
      return /** @type {import('node:net').AddressInfo} */ (server.address()).port;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EADDRINUSE' || port >= last) throw error;
    }
  }
}

/**
 * Makes an answer smaller where the client takes it so.
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {Answer} found
 */
async function press(request, response, found) {
  const takes = /\bgzip\b/.test(String(request.headers['accept-encoding']));
  if (!takes || found.status !== 200 || !PRESSED.test(found.type)) return;
  const plain =
    typeof found.body === 'object' && 'file' in found.body ? await readFile(found.body.file) : found.body;
  const body = gzipSync(plain);
  Object.assign(found, { body, length: body.length });
  response.setHeader('content-encoding', 'gzip');
}

/** @param {import('node:http').IncomingMessage} request @param {string} root @param {string} under @returns {Promise<Answer>} */
async function answer({ method, url = '' }, root, under) {
  if (method !== 'GET' && method !== 'HEAD') return text(405, 'this server answers GET and HEAD only');
  const whole = pathOf(url);
  if (whole === null) return text(400, 'this is not an address of a file here');
  if (!whole.startsWith(under)) return { ...text(302, `the page is at ${under}`), location: under };
  const path = `/${whole.slice(under.length)}`;
  if (path === '/docs') return { ...text(302, `the pages are at ${under}docs/`), location: `${under}docs/` };
  const asked = path.slice(1).replace(/(^|\/)$/, '$1index.html');
  const found = await findFile(join(root, FOLDER), asked);
  if (!found) return text(404, 'there is no such file');
  const { file, length } = found;
  return { status: 200, type: TYPES[extname(asked)] ?? 'application/octet-stream', length, body: { file } };
}

/**
 * A file by the path that no link is part of; null if there is none, or if a link in the folder leads out of it.
 * @param {string} folder may itself be reached by links
 * @param {string} name
 * @returns {Promise<{ file: string, length: number } | null>}
 */
async function findFile(folder, name) {
  try {
    const [inside, file] = await Promise.all([realpath(folder), realpath(join(folder, name))]);
    const found = await stat(file);
    return file.startsWith(inside + sep) && found.isFile() ? { file, length: found.size } : null;
  } catch {
    return null;
  }
}

/**
 * The path that a request asks for, or null if it could lead out of the folders shown or to a hidden file.
 * @param {string} url
 */
function pathOf(url) {
  let path;
  try {
    path = decodeURIComponent(url.split(/[?#]/, 1)[0]);
  } catch {
    return null;
  }
  const parts = path.split('/').slice(1);
  const strange = parts.some((part, i) => part.startsWith('.') || (part === '' && i < parts.length - 1));
  return !path.startsWith('/') || /[\\\0]/.test(path) || strange ? null : path;
}

/** @param {number} status @param {string} body @param {string} [type] @returns {Answer} */
function text(status, body, type = TYPES['.txt']) {
  return { status, type, length: Buffer.byteLength(body), body };
}

async function main() {
  const { values } = parseArgs({ options: { port: { type: 'string' }, isolate: { type: 'boolean' } } });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65536)) {
    throw new Error(`--port is ${values.port}; expected a number from 0 to 65535`);
  }
  const { url } = await startServer({ port, isolate: values.isolate });
  console.log(`The demo is at ${url} (Ctrl-C ends it)`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main().catch((error) => {
    console.error(`demo/serve.js: ${error.message}`);
    process.exitCode = 1;
  });
}
