// A folder on a server whose connections break: the rest is asked for where the server says that the file is still the same.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { load } from '../../web/index.js';
import { rejects } from '../encoder/fixtures.js';
import { sendRange } from './hub.js';
import { answerWell, modelFiles, serve, vectorOf } from './server.js';

/** @typedef {import('./server.js').Answering} Answering */

const WEIGHTS = 'model.safetensors';
const LONG_AGO = 'Tue, 01 Sep 2026 00:00:00 GMT';
const [JUST_NOW, NOW] = ['Fri, 11 Sep 2026 00:00:00 GMT', 'Fri, 11 Sep 2026 00:00:30 GMT'];

let expected = '';
before(async () => {
  expected = await vectorOf(modelFiles());
});

/**
 * A server whose first answer for the weights breaks.
 * @param {import('node:test').TestContext} context
 * @param {(first: Answering) => void} first sets headers
 * @param {(again: Answering) => void} again
 */
async function breaking(context, first, again) {
  /** @type {(string | undefined)[][]} */
  const requests = [];
  const { url } = await serve(context, (answering) => {
    const { path, request, response, times, bytes } = answering;
    if (path !== WEIGHTS || !bytes) return answerWell(answering);
    response.setHeader('date', NOW);
    requests.push([request.headers.range, request.headers['if-range']?.toString()]);
    if (times > 1) return again(answering);
    first(answering);
    response.setHeader('content-length', bytes.length);
    response.write(bytes.subarray(0, 900), () => setTimeout(() => response.destroy(), 5));
  });
  return { url, requests };
}

const asBytes = (/** @type {Answering} */ { bytes }) => /** @type {Buffer} */ (bytes);

describe('a folder on a server that breaks off', { concurrency: 8 }, () => {
  test('with an ETag the rest is asked for', async (context) => {
    const { url, requests } = await breaking(
      context,
      ({ response }) => response.setHeader('etag', '"one"'),
      (again) => sendRange(again, asBytes(again), '"one"'),
    );
    assert.equal(await vectorOf(url), expected);
    assert.deepEqual(requests, [
      [undefined, undefined],
      ['bytes=900-', '"one"'],
    ]);
  });

  test('with a date of long ago the rest is asked for, and the whole file is taken where that is what comes', async (context) => {
    const { url, requests } = await breaking(
      context,
      ({ response }) => response.setHeader('last-modified', LONG_AGO),
      (again) => {
        again.response.setHeader('last-modified', LONG_AGO);
        again.response.end(again.bytes);
      },
    );
    assert.equal(await vectorOf(url), expected);
    assert.deepEqual(requests[1], ['bytes=900-', LONG_AGO]);
  });

  test('a file that has changed meanwhile is refused', async (context) => {
    for (const [name, first, second] of [
      ['etag', '"one"', '"two"'],
      ['last-modified', LONG_AGO, 'Wed, 02 Sep 2026 00:00:00 GMT'],
    ]) {
      const { url } = await breaking(
        context,
        ({ response }) => response.setHeader(name, first),
        (again) => {
          again.response.setHeader(name, second);
          again.response.end(again.bytes);
        },
      );
      await rejects(
        load(url),
        'NetworkError',
        /broke after 900 bytes, and the file, .* is not known to be the same$/,
      );
    }
  });

  test('a date of just now, a weak ETag or none do not say that a file is the same: it is not asked for again', async (context) => {
    for (const [name, value] of [
      ['last-modified', JUST_NOW],
      ['etag', 'W/"one"'],
      ['x-nothing', '1'],
    ]) {
      const { url, requests } = await breaking(
        context,
        ({ response }) => response.setHeader(name, value),
        (again) => sendRange(again, asBytes(again)),
      );
      await assert.rejects(load(url), (/** @type {any} */ error) => {
        assert.equal(error.name, 'NetworkError');
        assert.ok(error.cause instanceof Error);
        return true;
      });
      assert.equal(requests.length, 1);
    }
  });

  test('a connection that breaks before its first byte, and a fault that passes, are asked again', async (context) => {
    const { url, asked } = await serve(context, (answering) => {
      const { path, response, times } = answering;
      if (path === 'config.json' && times === 1) return void response.destroy();
      if (path === WEIGHTS && times === 1) return void response.writeHead(502).end();
      answerWell(answering);
    });
    assert.equal(await vectorOf(url), expected);
    for (const path of ['config.json', WEIGHTS]) assert.equal(asked.filter((one) => one === path).length, 2);
  });
});
