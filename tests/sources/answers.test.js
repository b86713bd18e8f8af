/** How servers answer, well or not: what counts as a file, as no file, and as an error. Broken connections: broken.test.js. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { load } from '../../web/index.js';
import { rejects } from '../encoder/fixtures.js';
import { answerWell, fetchBy, modelFiles, serve, until, VOCABULARY, vectorOf } from './server.js';

/** @typedef {import('./server.js').Answering} Answering */

const PAGE = '<!doctype html>\n<html><body>Not found</body></html>';
const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'4665bd00'.repeat(8)}\nsize 133466304\n`;

let expected = '';
before(async () => {
  expected = await vectorOf(modelFiles());
});

/** Ways to say that a file is not there. @type {[string, (answering: Answering) => void][]} */
const absent = [
  ['404', ({ response }) => void response.writeHead(404).end('no')],
  [
    '403 with a page of XML, as storage says it',
    ({ response }) =>
      void response
        .writeHead(403, { 'content-type': 'application/xml' })
        .end('<Error><Code>AccessDenied</Code></Error>'),
  ],
  ['410', ({ response }) => void response.writeHead(410).end()],
  ['204', ({ response }) => void response.writeHead(204).end()],
  ['200 and no bytes', ({ response }) => void response.writeHead(200).end()],
  [
    '200 and a page',
    ({ response }) => void response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE),
  ],
  ['200 and a page that is called text', ({ response }) => void response.end(`\uFEFF\n  ${PAGE}`)],
  [
    '200 and a page in pieces of a byte',
    ({ response }) => {
      for (const letter of PAGE) response.write(letter);
      response.end();
    },
  ],
  ['a redirection to a page', ({ response }) => void response.writeHead(302, { location: '/login' }).end()],
];

for (const [name, answer] of absent) {
  test(`an optional file is absent: ${name}`, async (context) => {
    const { url, asked } = await serve(context, (answering) => {
      if (answering.path === 'login') answering.response.end(PAGE);
      else if (answering.bytes) answerWell(answering);
      else answer(answering);
    });
    assert.equal(await vectorOf(url), expected);
    // tokenizer.json is absent, so the words come from vocab.txt.
    assert.ok(asked.includes('tokenizer.json') && asked.includes('vocab.txt'), asked.join());
    await rejects(
      load(`${url}none/`),
      'InputError',
      /no config\.json in http.*\/none\/ \(the server answered/,
    );
  });
}

for (const status of [400, 401, 405, 500, 502]) {
  test(`${status} for an optional file is an error that names it`, async (context) => {
    const { url, asked } = await serve(context, (answering) => {
      if (answering.bytes) answerWell(answering);
      else answering.response.writeHead(status).end();
    });
    await assert.rejects(load(url), (/** @type {any} */ error) => {
      assert.equal(error.name, 'NetworkError');
      assert.equal(error.path, `${url}modules.json`);
      assert.match(
        error.message,
        new RegExp(`modules\\.json could not be fetched: the server answered ${status}`),
      );
      return true;
    });
    // Faults that may pass are asked about again.
    assert.equal(asked.filter((path) => path === 'modules.json').length, status < 500 ? 1 : 4);
  });
}

/** @type {[string, (bytes: Buffer) => Buffer][]} */
const codings = [
  ['gzip', (bytes) => gzipSync(bytes)],
  ['br', (bytes) => brotliCompressSync(bytes)],
  ['deflate', (bytes) => deflateSync(bytes)],
];
for (const [coding, compress] of codings) {
  for (const announced of [true, false]) {
    test(`${coding} ${announced ? 'with the compressed' : 'without a'} length, and progress in real bytes`, async (context) => {
      const { url } = await serve(context, (answering) => {
        const { bytes, response } = answering;
        if (!bytes) return answerWell(answering);
        const sent = compress(bytes);
        response.setHeader('content-encoding', coding);
        if (announced) response.setHeader('content-length', sent.length);
        response.end(sent);
      });
      /** @type {import('../../bindings/loading/progress.js').State[]} */
      const states = [];
      assert.equal(await vectorOf(url, { progress: (state) => states.push(state) }), expected);
      const size = modelFiles().get('model.safetensors')?.length;
      assert.deepEqual(states.at(-1), {
        ...{ file: 'model.safetensors', loaded: size, total: size },
        all: { loaded: size, total: size },
      });
      assert.ok(states.every(({ total }) => total === size));
    });
  }
}

test('a body in pieces, without a length', async (context) => {
  const { url } = await serve(context, (answering) => {
    const { bytes, response } = answering;
    if (!bytes) return answerWell(answering);
    for (let at = 0; at < bytes.length; at += 4099) response.write(bytes.subarray(at, at + 4099));
    response.end();
  });
  assert.equal(await vectorOf(url), expected);
});

test('a length that is announced is not believed: across origins it is that of compressed bytes', async () => {
  const files = modelFiles();
  for (const length of ['17', '734000000', '-1', 'x']) {
    const lying = fetchBy((path) => {
      const bytes = files.get(path);
      return bytes ? new Response(bytes, { headers: { 'content-length': length } }) : null;
    });
    assert.equal(await vectorOf('http://localhost/', { fetch: lying }), expected, length);
  }
});

test('a redirection to another server is followed, as hubs do', async (context) => {
  const storage = await serve(context, answerWell);
  const { url } = await serve(context, (answering) => {
    const { path, bytes, response } = answering;
    if (!bytes) return answerWell(answering);
    response.writeHead(302, { location: `${storage.url}${path}` }).end();
  });
  assert.equal(await vectorOf(url), expected);
});

test('a query stays with every file, and stays out of messages', async (context) => {
  const { url, search } = await serve(context, (answering) => {
    if (answering.url.search !== '?sig=s3cret&v=2') answering.response.writeHead(403).end();
    else answerWell(answering);
  });
  for (const address of [`${url}?sig=s3cret&v=2`, new URL(`${url}?sig=s3cret&v=2#part`)])
    assert.equal(await vectorOf(address), expected);
  assert.deepEqual([...search], ['?sig=s3cret&v=2']);
  await assert.rejects(load(`${url}model?sig=s3cret&v=2`), (/** @type {any} */ error) => {
    assert.match(error.message, /no config\.json in http:\/\/127\.0\.0\.1:\d+\/model\/ \(/);
    assert.doesNotMatch(JSON.stringify([error.message, error.path]), /s3cret/);
    return true;
  });
});

test('a body that nobody wants is let go', async (context) => {
  const { url, left } = await serve(context, (answering) => {
    const { path, response } = answering;
    if (answering.bytes) return answerWell(answering);
    response.statusCode = path === 'tokenizer.json' ? 200 : 404;
    response.write(PAGE.padEnd(600)); // and never an end
  });
  assert.equal(await vectorOf(url), expected);
  await until(() => left.includes('tokenizer.json') && left.includes('modules.json'), 'both are let go');
});

test('a file without an end is read up to its limit', async () => {
  for (const [name, most] of /** @type {[string, number][]} */ ([
    ['config.json', 1 << 20],
    ['vocab.txt', 1 << 26],
  ])) {
    let [sent, cancelled] = [0, false];
    const piece = new Uint8Array(1 << 16).fill(0x20);
    const body = new ReadableStream({
      pull: (controller) => {
        sent += piece.length;
        controller.enqueue(piece);
      },
      cancel: () => {
        cancelled = true;
      },
    });
    const fetch = fetchBy((path) => (path === name ? new Response(body) : null));
    await rejects(
      load('http://localhost/', { fetch }),
      'FormatError',
      new RegExp(`${name} has .* at most ${most}`),
    );
    assert.ok(sent <= most + 8 * piece.length, `${sent} bytes of ${name}`);
    assert.ok(cancelled);
  }
});

test('a pointer of git-lfs says what to run, on servers and in folders', async (context) => {
  for (const name of ['model.safetensors', 'tokenizer.json', 'config.json']) {
    const files = modelFiles({ [name]: POINTER });
    const { url } = await serve(context, answerWell, files);
    for (const source of [url, files])
      await rejects(load(source), 'FormatError', new RegExp(`^${name} is a git-lfs pointer.*git lfs pull`));
  }
});

test('in a folder an empty file and a page are errors, not absent files', async () => {
  const cases = /** @type {[object, RegExp][]} */ ([
    [{ 'tokenizer.json': PAGE }, /^tokenizer\.json is an HTML page/],
    [{ 'tokenizer.json': new Uint8Array(0) }, /^tokenizer\.json is empty/],
    [{ 'model.safetensors': PAGE }, /^model\.safetensors is an HTML page/],
    [{ 'config.json': ' '.repeat(1100000) }, /^config\.json has 1100000 bytes or more; expected at most/],
  ]);
  for (const [changes, message] of cases)
    await rejects(load(modelFiles(/** @type {any} */ (changes))), 'FormatError', message);
});

test('a vocabulary may begin with a token in angle brackets', async () => {
  for (const token of ['<unk>', '<s>', '<a>']) {
    const files = modelFiles({ 'vocab.txt': `${token}\n${VOCABULARY.split('\n').slice(0, 127).join('\n')}` });
    const encoder = await load('http://localhost/', { fetch: fetchBy(() => null, files) });
    assert.equal(encoder.tokenize('w5').input_ids.data.length, 3);
  }
});
