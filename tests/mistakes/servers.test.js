/** Servers that do not give what is asked for (servers.txt), all on this machine. What counts as an absent file: sources/. */
import { createServer } from 'node:http';
import { after, before } from 'node:test';
import { load, loadTokenizer } from '../../web/index.js';
import { models } from '../encoder/fixtures.js';
import { runner, testMistakes } from './table.js';

/** @typedef {import('node:http').RequestListener} Listener */

const server = createServer(listen);
/** What each path answers: status, headers, body. @type {Map<string, [number, Record<string, string>, string]>} */
const answers = new Map();
let port = 0;
let freePort = 0;

/** @type {Listener} */
function listen(request, response) {
  const [, key] = (request.url ?? '').split('/');
  if (key === 'silent') return;
  if (key === 'closing') return void request.socket.destroy();
  if (key === 'again') return void response.writeHead(302, { location: '/again' }).end();
  const [status, headers, body] = answers.get(key) ?? [404, {}, ''];
  response.writeHead(status, headers).end(body);
}

/** @param {import('node:net').Server} one @returns {Promise<number>} its port */
const start = (one) =>
  new Promise((resolve) => {
    one.listen(0, '127.0.0.1', () =>
      resolve(/** @type {import('node:net').AddressInfo} */ (one.address()).port),
    );
  });

before(async () => {
  port = await start(server);
  const gone = createServer();
  freePort = await start(gone);
  await new Promise((resolve) => gone.close(resolve));
});
after(() => {
  server.closeAllConnections();
  server.close();
});

/** The address of a folder in which every file is answered so. */
function answering(status = 404, headers = {}, body = '') {
  const key = `m${answers.size}`;
  answers.set(key, [status, headers, body]);
  return `http://127.0.0.1:${port}/${key}/`;
}

/**
 * A fetch that fails as Node's does, where no test can have the cause itself: certificates, networks.
 * @param {string} code of the cause
 */
const failing = (code) => async () => {
  throw new TypeError('fetch failed', { cause: Object.assign(new Error(`it failed by ${code}`), { code }) });
};

const sighted = await load(`${models}vit_imgcls`);
after(() => sighted.dispose());

testMistakes(
  'servers.txt',
  runner({
    load,
    loadTokenizer,
    answering,
    see: (/** @type {any} */ given) => sighted.classify(given),
    silent: () => `http://127.0.0.1:${port}/silent/`,
    closing: () => `http://127.0.0.1:${port}/closing/`,
    closed: () => `http://127.0.0.1:${freePort}/`,
    failing,
  }),
);
