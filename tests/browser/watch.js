// What a page of the tests is watched by: a list of what went wrong in it, kept by a script that runs before its own. A driver
// without a word for such scripts gets its pages by a server that puts it into them. Not a test.
import { createServer, request } from 'node:http';

/** Runs in the page: fills `complaints`. */
export function watch() {
  /** @type {string[]} */
  const complaints = [];
  Object.assign(globalThis, { complaints });
  for (const kind of /** @type {const} */ (['error', 'warn'])) {
    const own = console[kind];
    console[kind] = (...all) => {
      complaints.push(`console: ${all.join(' ')}`);
      own.apply(console, all);
    };
  }
  // Files that do not come say so on their way down only.
  const onError = (/** @type {any} */ { message, target }) =>
    complaints.push(message ?? `not loaded: ${target?.src || target?.href}`);
  addEventListener('error', onError, true);
  addEventListener('unhandledrejection', ({ reason }) => complaints.push(`rejected: ${reason}`));
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    complaints.push(`policy: ${violatedDirective} blocked ${blockedURI}`),
  );
}

/** Where the script is: a path that no page of ours has. */
const SCRIPT = '/watch-of-the-tests.js';

/**
 * A server on loopback in front of others: pages get the script in front of theirs, all else passes as it is. Where the other one
 * is gone, connections are closed without an answer.
 * @returns {Promise<{ before: (url: string) => string, close: () => Promise<void> }>} before: what stands for an address from now on
 */
export async function startFront() {
  let behind = '';
  const server = createServer((asked, response) => {
    if (asked.url === SCRIPT) {
      response.setHeader('content-type', 'text/javascript').end(`(${watch})();`);
      return;
    }
    const { host: _, 'accept-encoding': __, ...headers } = asked.headers;
    const passed = request(new URL(asked.url ?? '/', behind), { method: asked.method, headers });
    passed.on('error', () => response.destroy());
    passed.on('response', async (answer) => {
      const isPage = /^text\/html/.test(answer.headers['content-type'] ?? '') && asked.method === 'GET';
      if (!isPage) {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
        return;
      }
      const html = String(Buffer.concat(await answer.toArray()));
      const { 'content-length': ___, ...kept } = answer.headers;
      response.writeHead(answer.statusCode ?? 500, kept);
      response.end(html.replace('<script', `<script src="${SCRIPT}"></script>\n<script`));
    });
    asked.pipe(passed);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    before(url) {
      const { origin, pathname, search, hash } = new URL(url);
      behind = origin;
      return `http://127.0.0.1:${port}${pathname}${search}${hash}`;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
