/** A hub that breaks off or stalls: the rest is asked for, and what comes is the model, to the bit, or a typed error. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { load } from '../../web/index.js';
import { rejects } from '../encoder/fixtures.js';
import { ID, serveHub } from './hub.js';
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

// They wait for servers most of the time.
describe('a hub that breaks off', { concurrency: 8 }, () => {
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
            first === '"one"'
              ? /is not known to be (?:the same|of the same file)$/
              : /broke|socket|terminated/,
          );
        // Without a mark there is no use in asking.
        const [, ...again] = requests.filter(({ file }) => file === WEIGHTS);
        assert.deepEqual(
          again.map(({ range, mark }) => [range, mark]),
          first === '"one"' ? [['bytes=300-', '"one"']] : [],
        );
      });
    }
  }

  test('a server that stalls in the middle is left, and asked for the rest', async (context) => {
    const { endpoint, requests } = await serveHub(context, {
      otherwise: storage(
        ({ times, bytes, response }) => times === 1 && response.write(bytes.subarray(0, 700)),
      ),
    });
    assert.equal(await vectorOf(ID, { ...options, endpoint, timeout: 2000 }), expected);
    assert.deepEqual(
      requests.filter(({ at }) => at === 'storage').map(({ range }) => range),
      [undefined, 'bytes=700-'],
    );
  });
});
