/** Servers that break off, fall silent or ask for patience, and callers that abort. */
import assert from 'node:assert/strict';
import { before, mock, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { load } from '../../web/index.js';
import { openSource } from '../../web/source.js';
import { rejects } from '../encoder/fixtures.js';
import { answerWell, fetchBy, modelFiles, serve, streamOf, until, vectorOf } from './server.js';

/** @typedef {import('./server.js').Handler} Handler */

let expected = '';
before(async () => {
  expected = await vectorOf(modelFiles());
});

/** One file is answered otherwise than the rest. @param {string} name @param {Handler} handler @returns {Handler} */
const only = (name, handler) => (answering) =>
  answering.path === name ? handler(answering) : answerWell(answering);

/** Ways to break off in the middle, and what the error says. @type {[string, Handler, string, RegExp][]} */
const cuts = [
  [
    'a connection that is cut before the length announced',
    ({ bytes, response }) => {
      response.setHeader('content-length', bytes?.length ?? 0);
      response.write(bytes?.subarray(0, 300), () => response.destroy());
    },
    'NetworkError',
    /could not be fetched: /,
  ],
  [
    'pieces that break off',
    ({ bytes, response }) => void response.write(bytes?.subarray(0, 300), () => response.destroy()),
    'NetworkError',
    /could not be fetched: /,
  ],
  [
    'compressed bytes that end too early',
    ({ bytes, response }) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync(bytes ?? '').subarray(0, 200));
    },
    'FormatError',
    /is truncated|is not JSON/,
  ],
  [
    'a connection without a length that is closed too early',
    ({ bytes, response }) => {
      response.useChunkedEncodingByDefault = false;
      response.setHeader('connection', 'close');
      response.end(bytes?.subarray(0, bytes.length >> 1));
    },
    'FormatError',
    /is truncated|is not JSON/,
  ],
  ['no answer at all', ({ response }) => void response.destroy(), 'NetworkError', /could not be fetched: /],
];

for (const [what, handler, name, message] of cuts) {
  for (const file of ['model.safetensors', 'config.json']) {
    test(`${file}: ${what}`, async (context) => {
      const { url } = await serve(context, only(file, handler));
      await assert.rejects(load(url), (/** @type {any} */ error) => {
        assert.equal(error.name, name, error.stack);
        assert.match(error.message, message);
        assert.ok(error.message.includes(file), error.message);
        if (name === 'NetworkError') {
          assert.equal(error.path, url + file);
          assert.ok(error.cause instanceof Error);
        }
        return true;
      });
    });
  }
}

test('weights with bytes behind their end are refused', async (context) => {
  const { url } = await serve(
    context,
    only(
      'model.safetensors',
      ({ bytes, response }) => void response.end(Buffer.concat([bytes ?? Buffer.of(), Buffer.of(1)])),
    ),
  );
  await rejects(load(url), 'FormatError', /model\.safetensors goes on behind its last tensor/);
});

/** Where a server may fall silent. @type {[string, Handler][]} */
const silences = [
  ['before its answer', () => {}],
  ['behind its headers', ({ response }) => response.flushHeaders()],
  ['in the middle', ({ bytes, response }) => void response.write(bytes?.subarray(0, 700))],
];

for (const [where, handler] of silences) {
  test(`a server that falls silent ${where} is given up after the time allowed`, async (context) => {
    const { url, asked, left } = await serve(context, only('model.safetensors', handler));
    // The other files come at once, however busy the machine is.
    const ask = fetchBy((path, init) => (path === 'model.safetensors' ? fetch(url + path, init) : null));
    await assert.rejects(load(url, { timeout: 40, fetch: ask }), (/** @type {any} */ error) => {
      assert.equal(error.name, 'NetworkError');
      assert.match(
        error.message,
        /model\.safetensors could not be fetched: the server sent nothing for 40 ms/,
      );
      assert.equal(error.path, `${url}model.safetensors`);
      return true;
    });
    await until(() => left.length === asked.length, 'the connection is let go');
  });

  test(`an abort ends the wait for a server that is silent ${where}`, async (context) => {
    const controller = new AbortController();
    const { url, left } = await serve(
      context,
      only('model.safetensors', (answering) => {
        handler(answering);
        setTimeout(() => controller.abort('enough'), 20);
      }),
    );
    await assert.rejects(
      load(url, { signal: controller.signal, timeout: Infinity }),
      (/** @type {any} */ error) => {
        assert.equal(error.name, 'AbortError');
        assert.equal(error.code, 'ERR_ABORT');
        assert.equal(error.cause, 'enough');
        return true;
      },
    );
    await until(() => left.includes('model.safetensors'), 'the connection is let go');
  });
}

test('time in which nobody reads is not the silence of a server', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const piece = new Uint8Array(1000);
    const fetch = fetchBy(() => new Response(streamOf([piece, piece, piece])));
    const source = await openSource('http://localhost/', { fetch, timeout: 1000 });
    const file = await source.find('model.safetensors');
    mock.timers.tick(100_000);
    let length = 0;
    for await (const chunk of file?.stream() ?? []) {
      length += chunk.length;
      mock.timers.tick(100_000);
    }
    assert.equal(length, 3 * piece.length);
  } finally {
    mock.timers.reset();
  }
});

test('a signal that is aborted already stops before anything is asked for', async (context) => {
  const { url, asked } = await serve(context, answerWell);
  for (const source of [url, modelFiles()])
    await rejects(load(source, { signal: AbortSignal.abort() }), 'AbortError', /aborted/);
  assert.deepEqual(asked, []);
});

test('aborts and silence end a fetch that knows of neither', async () => {
  const fetch = fetchBy((path) => (path === 'vocab.txt' ? new Promise(() => {}) : null));
  await rejects(
    load('http://localhost/', { fetch, timeout: 20 }),
    'NetworkError',
    /vocab\.txt .*nothing for 20 ms/,
  );
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 20);
  await rejects(load('http://localhost/', { fetch, signal: controller.signal }), 'AbortError', /aborted/);
});

for (const timeout of [0, -1, 1.5, NaN, '5', 2 ** 31]) {
  test(`${timeout} is no time limit`, () =>
    rejects(
      load(modelFiles(), { timeout: /** @type {any} */ (timeout) }),
      'InputError',
      /"timeout" must be an integer/,
    ));
}

for (const status of [429, 503]) {
  test(`after ${status} a file is asked for again`, async (context) => {
    const { url, asked } = await serve(context, (answering) => {
      const { response, times } = answering;
      if (times > 3) return answerWell(answering);
      response
        .writeHead(status, { 'retry-after': ['0', 'Thu, 01 Jan 1970 00:00:00 GMT', '0'][times - 1] })
        .end();
    });
    assert.equal(await vectorOf(url), expected);
    for (const file of ['config.json', 'model.safetensors', 'tokenizer.json'])
      assert.equal(asked.filter((path) => path === file).length, 4, file);
  });
}

test('a server that names no time to wait is asked again, too; the pause is not its silence', async () => {
  let times = 0;
  const fetch = fetchBy((path) => {
    if (path !== 'model.safetensors' || ++times > 1) return null;
    return new Response('', { status: 503, headers: { 'retry-after': 'soon' } });
  });
  assert.equal(await vectorOf('http://localhost/', { fetch, timeout: 400 }), expected);
  assert.equal(times, 2);
});

test('a server that is never there is asked four times', async (context) => {
  const { url, asked } = await serve(
    context,
    ({ response }) => void response.writeHead(503, { 'retry-after': '0' }).end(),
  );
  await rejects(load(url), 'NetworkError', /config\.json .* 503 Service Unavailable 4 times/);
  assert.equal(asked.filter((path) => path === 'config.json').length, 4);
});

test('a pause that is longer than the time limit is not waited for', async (context) => {
  const { url, asked } = await serve(
    context,
    ({ response }) => void response.writeHead(429, { 'retry-after': '3600' }).end(),
  );
  await rejects(load(url), 'NetworkError', /429 Too Many Requests and asks to wait for 3600 s/);
  assert.equal(asked.filter((path) => path === 'config.json').length, 1);
});

test('an abort ends a pause', async (context) => {
  const controller = new AbortController();
  const { url, asked } = await serve(context, ({ response }) => {
    response.writeHead(503, { 'retry-after': '50' }).end();
    setTimeout(() => controller.abort(), 20);
  });
  await rejects(load(url, { signal: controller.signal }), 'AbortError', /aborted/);
  assert.equal(new Set(asked).size, asked.length);
});
