/** A hub that lies, and answers otherwise than asked: what comes is the model, to the bit, or a typed error. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { load } from '../../web/index.js';
import { rejects } from '../encoder/fixtures.js';
import { ID, listingOf, serveHub } from './hub.js';
import { modelFiles, vectorOf } from './server.js';

/** @typedef {import('./hub.js').Asked} Asked */
/** @typedef {import('./hub.js').Otherwise} Otherwise */

const WEIGHTS = 'model.safetensors';
const FILES = modelFiles();
const LENGTH = FILES.get(WEIGHTS)?.length ?? 0;
let expected = '';
before(async () => {
  for (const name of ['HF_ENDPOINT', 'HF_TOKEN', 'HF_HUB_OFFLINE']) delete process.env[name];
  expected = await vectorOf(modelFiles());
});

/** Of the weights' storage some answers are others. @param {(asked: Asked) => boolean} answer @returns {Otherwise} */
const storage = (answer) => (asked) => asked.at === 'storage' && asked.file === WEIGHTS && answer(asked);

const options = { cache: /** @type {false} */ (false) };

// They wait for servers most of the time.
describe('a hub that lies', { concurrency: 8 }, () => {
  for (const status of [429, 500, 502, 503, 504]) {
    test(`${status} of any part passes, or is told`, async (context) => {
      for (const place of ['list', 'hub', 'storage']) {
        const { endpoint, state } = await serveHub(context, {
          otherwise: ({ at, times, response }) =>
            at === place && times < 3 && Boolean(response.writeHead(status, { 'retry-after': '0' }).end()),
        });
        assert.equal(await vectorOf(ID, { ...options, endpoint }), expected, place);
        if (place !== 'storage' || status > 500) continue;
        state.otherwise = ({ at, response }) =>
          at === place && Boolean(response.writeHead(status, { 'retry-after': '0' }).end());
        await rejects(
          load(ID, { ...options, endpoint }),
          'NetworkError',
          new RegExp(
            `resolve/\\w{40}/model\\.safetensors could not be fetched: the server answered ${status} [\\w ]+ 4 times`,
          ),
        );
      }
    });
  }

  /** Wrong bytes and lengths, and the error. @type {[string, Otherwise, string, RegExp][]} */
  const lies = [
    [
      'a wrong byte',
      storage(({ bytes, response }) => {
        const wrong = Buffer.from(bytes);
        wrong[LENGTH - 5] ^= 1;
        return Boolean(response.end(wrong));
      }),
      'IntegrityError',
      /^model\.safetensors has other bytes than were promised: its SHA-256 is \w{64}; expected \w{64}$/,
    ],
    [
      'a tail of zeros',
      storage(({ bytes, response }) => Boolean(response.end(Buffer.from(bytes).fill(0, LENGTH >> 1)))),
      'IntegrityError',
      /^model\.safetensors has other bytes/,
    ],
    [
      'another text of that length',
      ({ file, bytes, response }) =>
        file === 'vocab.txt' && Boolean(response.end(String(bytes).replace('w5\n', 'v5\n'))),
      'IntegrityError',
      /^vocab\.txt has other bytes than were promised: its git name is/,
    ],
    [
      'a byte more',
      storage(({ bytes, response }) => Boolean(response.end(Buffer.concat([bytes, Buffer.of(0)])))),
      'FormatError',
      /model\.safetensors goes on behind byte \d+, where it should end/,
    ],
    [
      'too few bytes, every time',
      storage(({ bytes, response }) => Boolean(response.end(bytes.subarray(0, 400)))),
      'NetworkError',
      new RegExp(`it ends after 400 bytes; expected ${LENGTH}`),
    ],
    [
      'a page',
      storage(({ response }) => Boolean(response.end('<!doctype html><p>Sign in</p>'.padEnd(LENGTH)))),
      'FormatError',
      /model\.safetensors is an HTML page/,
    ],
    [
      'a redirection without an end',
      ({ at, file, response }) =>
        at === 'hub' && file === WEIGHTS && Boolean(response.writeHead(302, { location: WEIGHTS }).end()),
      'NetworkError',
      /it is redirected more than 10 times/,
    ],
  ];
  for (const [what, otherwise, name, message] of lies) {
    test(`${what}: an error, and nothing of it is kept`, async (context) => {
      const { endpoint, state } = await serveHub(context, { otherwise });
      /** @type {Map<string, Response>} */
      const kept = new Map();
      const cache = mapCache(kept);
      await rejects(load(ID, { endpoint, cache }), name, message);
      state.otherwise = () => false;
      assert.equal(await vectorOf(ID, { endpoint, cache }), expected);
    });
  }

  /** @param {Map<string, Response>} kept */
  function mapCache(kept) {
    return {
      match: async (/** @type {string} */ url) => kept.get(url)?.clone(),
      put: async (/** @type {string} */ url, /** @type {Response} */ response) => {
        const body = await response.arrayBuffer();
        kept.set(url, new Response(body, response));
      },
      delete: async (/** @type {string} */ url) => kept.delete(url),
    };
  }

  test('a list that lies about a length, or is none', async (context) => {
    const listing = listingOf('0'.repeat(40), FILES);
    for (const [text, name, message] of /** @type {[string, string | null, RegExp][]} */ ([
      ['<!doctype html><p>Hello</p>', null, /./],
      ['{"sha": "main", "siblings": []}', null, /./],
      ['[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[', null, /./],
      [
        JSON.stringify({
          ...listing,
          sha: (await import('./hub.js')).COMMIT,
          siblings: listing.siblings.map((one) => ({
            ...one,
            size: 7,
            lfs: one.lfs && { ...one.lfs, size: LENGTH - 9 },
          })),
        }),
        'FormatError',
        /goes on behind byte 7, where it should end/,
      ],
    ])) {
      const { endpoint } = await serveHub(context, {
        otherwise: ({ at, response }) => at === 'list' && Boolean(response.end(text)),
      });
      if (name) await rejects(load(ID, { ...options, endpoint }), name, message);
      else assert.equal(await vectorOf(ID, { ...options, endpoint }), expected);
    }
  });

  test('a mirror whose list never comes gives the files all the same', async (context) => {
    const { endpoint } = await serveHub(context, {
      otherwise: ({ at, response }) => at === 'list' && Boolean(response.writeHead(500).end()),
    });
    assert.equal(await vectorOf(ID, { ...options, endpoint }), expected);
  });

  test('texts and weights compressed by any part', async (context) => {
    const { endpoint } = await serveHub(context, {
      otherwise: ({ at, file, bytes, response, url }) => {
        if (at === 'list' || (at === 'hub' && file === WEIGHTS)) return false;
        void url;
        const sent = gzipSync(bytes);
        response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': sent.length }).end(sent);
        return true;
      },
    });
    assert.equal(await vectorOf(ID, { ...options, endpoint }), expected);
  });
});
