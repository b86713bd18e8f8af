/** A hub that breaks off, stalls, lies and answers otherwise than asked: what comes is the model, to the bit, or a typed error. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
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

/** Some bytes, then the connection breaks. @param {Asked} asked @param {number} count */
function breakAfter({ bytes, response }, count) {
  response.writeHead(200, { 'content-length': bytes.length, etag: '"one"' });
  if (count === 0) response.flushHeaders();
  response.write(bytes.subarray(0, count), () => setTimeout(() => response.destroy(), 5));
  return true;
}

const options = { cache: /** @type {false} */ (false) };

for (const count of [0, 1, 8, 300, 5000, LENGTH >> 1, LENGTH - 1]) {
  test(`after a break at byte ${count} the rest is asked for`, async (context) => {
    const { endpoint, requests } = await serveHub(context, {
      otherwise: storage((asked) => asked.times === 1 && breakAfter(asked, count)),
    });
    assert.equal(await vectorOf(ID, { ...options, endpoint }), expected);
    const ranges = requests.filter(({ at }) => at === 'storage').map(({ range }) => range);
    assert.deepEqual(ranges, [undefined, count ? `bytes=${count}-` : undefined]);
  });
}

test('a connection that breaks again and again is used as long as it brings something', async (context) => {
  const { endpoint, requests } = await serveHub(context, {
    otherwise: storage(({ times, request, bytes, response }) => {
      if (times > 6) return false;
      const start = Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? 0);
      const status = start ? 206 : 200;
      const range = `bytes ${start}-${bytes.length - 1}/${bytes.length}`;
      response.writeHead(status, {
        'content-length': bytes.length - start,
        ...(start && { 'content-range': range }),
      });
      response.write(bytes.subarray(start, start + 999), () => setTimeout(() => response.destroy(), 5));
      return true;
    }),
  });
  assert.equal(await vectorOf(ID, { ...options, endpoint }), expected);
  assert.equal(requests.filter(({ at }) => at === 'storage').length, 7);
});

/** How it goes on after a break, and what comes of it. @type {[string, (asked: Asked) => unknown, RegExp | null][]} */
const rests = [
  ['with the whole file', ({ bytes, response }) => response.end(bytes), null],
  [
    'with the whole file, compressed',
    ({ bytes, response }) => response.setHeader('content-encoding', 'gzip').end(gzipSync(bytes)),
    null,
  ],
  [
    'with another part',
    ({ bytes, response }) =>
      response
        .writeHead(206, { 'content-range': `bytes 1000-${LENGTH - 1}/${LENGTH}` })
        .end(bytes.subarray(1000)),
    /after 300 bytes, and the server sent another part than the one asked for, bytes 1000-/,
  ],
  [
    'with a part of a longer file',
    ({ bytes, response }) =>
      response
        .writeHead(206, { 'content-range': `bytes 300-${LENGTH}/${LENGTH + 1}` })
        .end(bytes.subarray(300)),
    new RegExp(`and the file has ${LENGTH + 1} bytes now; expected ${LENGTH}`),
  ],
  [
    'by saying that there is no more',
    ({ response }) => response.writeHead(416, { 'content-range': 'bytes */300' }).end(),
    /after 300 bytes, and the server answered 416/,
  ],
  [
    'by forbidding it',
    ({ response }) => response.writeHead(403).end(),
    /and the server answered 403 Forbidden/,
  ],
  [
    'by not finding it',
    ({ response }) => response.writeHead(404).end(),
    /and the server answered 404 Not Found/,
  ],
];
for (const [how, answer, message] of rests) {
  test(`after a break the server goes on ${how}`, async (context) => {
    const { endpoint } = await serveHub(context, {
      otherwise: storage((asked) => (asked.times === 1 ? breakAfter(asked, 300) : Boolean(answer(asked)))),
    });
    if (!message) assert.equal(await vectorOf(ID, { ...options, endpoint }), expected);
    else await rejects(load(ID, { ...options, endpoint }), 'NetworkError', message);
  });
}

// Without a digest only the server's mark says whether bytes are of one file.
/** @type {[string, string | null, string | null, boolean][]} */
const marks = [
  ['the same mark', '"one"', '"one"', true],
  ['another mark', '"one"', '"two"', false],
  ['a weak mark', 'W/"one"', 'W/"one"', false],
  ['no mark', null, null, false],
];
for (const [what, first, second, isSame] of marks) {
  for (const status of [200, 206]) {
    test(`without a digest a rest by ${status} with ${what} is ${isSame ? 'taken' : 'refused'}`, async (context) => {
      const { endpoint, requests } = await serveHub(context, {
        hasList: false,
        otherwise: ({ at, file, times, bytes, response }) => {
          if (at !== 'hub' || file !== WEIGHTS) return false;
          const mark = times === 1 ? first : second;
          if (mark) response.setHeader('etag', mark);
          if (times === 1) {
            response.setHeader('content-length', bytes.length);
            response.write(bytes.subarray(0, 300), () => setTimeout(() => response.destroy(), 5));
          } else if (status === 200) response.end(bytes);
          else
            response
              .writeHead(206, { 'content-range': `bytes 300-${LENGTH - 1}/${LENGTH}` })
              .end(bytes.subarray(300));
          return true;
        },
      });
      if (isSame) assert.equal(await vectorOf(ID, { ...options, endpoint }), expected);
      else
        await rejects(
          load(ID, { ...options, endpoint }),
          'NetworkError',
          /is not known to be (?:the same|of the same file)$/,
        );
      const [, again] = requests.filter(({ file }) => file === WEIGHTS);
      assert.deepEqual(
        [again.range, again.mark],
        ['bytes=300-', isSame || first === '"one"' ? '"one"' : undefined],
      );
    });
  }
}

test('a server that stalls in the middle is left, and asked for the rest', async (context) => {
  const { endpoint, requests } = await serveHub(context, {
    otherwise: storage(({ times, bytes, response }) => times === 1 && response.write(bytes.subarray(0, 700))),
  });
  assert.equal(await vectorOf(ID, { ...options, endpoint, timeout: 400 }), expected);
  assert.deepEqual(
    requests.filter(({ at }) => at === 'storage').map(({ range }) => range),
    [undefined, 'bytes=700-'],
  );
});

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
